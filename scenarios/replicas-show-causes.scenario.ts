import { activity } from "../checkers/activity/activity.checker.ts";
import { writesFollowReads } from "../checkers/session/writes-follow-reads.checker.ts";
import { causal } from "../checkers/weak-isolation/causal.checker.ts";
import { defineScenario, type Scenario } from "../harness/run/scenario.ts";
import { randomReplica } from "../reference-impl/defects/random-replica.defect.ts";
import { tokenNotPropagated } from "../reference-impl/defects/token-not-propagated.defect.ts";
import {
  replicatedUserSystem,
  textbookReplicatedUserSystem,
} from "../reference-impl/systems/replicated-user.system.ts";
import { causedChangesWorkload } from "./caused-changes.workload.ts";
import { defectForm, hardenedForm, textbookForm } from "./forms.ts";
import { replicatedUserFaults } from "./replicated-user-faults.ts";

const limits = { loadMs: 120_000, settleMs: 1000, callTimeoutMs: 2000 };
const checkers = [causal(), writesFollowReads(), activity()];

/** Patterns 13 and 14: what replicas show fits together, across profiles and across sessions. */
export const replicasShowCauses: Scenario = defineScenario({
  name: "replicas-show-causes",
  claim:
    "who sees a change sees all that its writer had seen and written before, whichever replica is asked, and a change follows what it was made from",
  notTested: [
    "a primary that is replaced by its replica",
    "sessions that hand what they saw to each other past the service, without a token",
    "changes of several profiles at once",
  ],
  patterns: ["13 Read replicas and connection pooling", "14 Session and causal guarantees"],
  forms: [
    hardenedForm(
      "a session token with the log position; any of two replicas is read once it has reached it, else the primary",
      () => replicatedUserSystem(),
    ),
    textbookForm({
      summary: "`DatabaseRouter`: writes go to the primary, reads to any replica",
      needs: "a replica that is behind; its usual lag is enough",
      flaws: [
        {
          flaw: "a read goes to any replica: who has changed a profile is then shown what it was before",
          checker: "causal",
          types: ["stale-session-read"],
        },
        {
          flaw: "who has seen a change of one profile is then shown another one as it was before that was made",
          checker: "causal",
          types: ["causality-violation", "commit-order-cycle"],
        },
      ],
      system: textbookReplicatedUserSystem,
    }),
    ...[randomReplica, tokenNotPropagated].map((defect) =>
      defectForm(defect, replicatedUserSystem, checkers),
    ),
  ],
  workload: causedChangesWorkload(limits.callTimeoutMs),
  faults: replicatedUserFaults(),
  faultsMax: 4,
  checkers,
  limits,
  real: ["hardened", "textbook", "defect:token-not-propagated"],
});
