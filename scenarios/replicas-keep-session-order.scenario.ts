import { activity } from "../checkers/activity/activity.checker.ts";
import type { AvailabilityOptions } from "../checkers/availability/availability.checker.ts";
import type { Checker } from "../checkers/checker.ts";
import { allOf } from "../checkers/composition/all-of.ts";
import { monotonicReads } from "../checkers/session/monotonic-reads.checker.ts";
import { monotonicWrites } from "../checkers/session/monotonic-writes.checker.ts";
import { readYourWrites } from "../checkers/session/read-your-writes.checker.ts";
import { boundedStaleness } from "../checkers/staleness/bounded-staleness.checker.ts";
import { defineScenario, type Scenario } from "../harness/run/scenario.ts";
import type { Defect } from "../reference-impl/defects/defect.ts";
import { poolWithoutTimeout } from "../reference-impl/defects/pool-without-timeout.defect.ts";
import { randomReplica } from "../reference-impl/defects/random-replica.defect.ts";
import { tokenNotPropagated } from "../reference-impl/defects/token-not-propagated.defect.ts";
import { unboundedStaleness } from "../reference-impl/defects/unbounded-staleness.defect.ts";
import type { ReplicatedUserMechanisms } from "../reference-impl/services/user/replicated/replicated-user-mechanisms.ts";
import {
  replicatedUserBounds,
  replicatedUserSystem,
  textbookReplicatedUserSystem,
} from "../reference-impl/systems/replicated-user.system.ts";
import { defectForm, hardenedForm, textbookForm } from "./forms.ts";
import { recoveryAfterFaults } from "./recovery-after-faults.ts";
import { replicatedProfilesWorkload } from "./replicated-profiles.workload.ts";
import { replicatedUserFaults } from "./replicated-user-faults.ts";

const limits = { loadMs: 120_000, settleMs: 1000, callTimeoutMs: 2000 };
const recoverWithinMs = limits.callTimeoutMs + limits.settleMs + 500;
const checkers = [
  readYourWrites(),
  monotonicReads(),
  monotonicWrites(),
  boundedStaleness({
    functions: { read: ["read", "look"] },
    boundMs: replicatedUserBounds.stalenessMsMax,
  }),
  // Updates by themselves: where one of the pools is used up for good, others still serve reads.
  allOf("availability", [
    // Where nothing disturbs, and has not for as long as recovery may take, every read is answered.
    recovery({ functions: ["read"], graceMs: recoverWithinMs, minOkOutside: 1 }),
    recovery({ functions: ["update"] }),
  ]),
  activity(),
];
const defects: readonly Defect<ReplicatedUserMechanisms>[] = [
  randomReplica,
  tokenNotPropagated,
  unboundedStaleness,
  poolWithoutTimeout,
];

/** Pattern 13: reads at a replica that do not fall behind their own session. */
export const replicasKeepSessionOrder: Scenario = defineScenario({
  name: "replicas-keep-session-order",
  claim: `a session that reads at replicas sees what it wrote, and nothing older than what it read; nobody sees what was replaced more than ${replicatedUserBounds.stalenessMsMax} ms before; a used-up pool is an answer, not a hang`,
  notTested: ["a primary that is replaced by its replica", "tokens that clients lose or make up"],
  patterns: ["13 Read replicas and connection pooling", "14 Session and causal guarantees"],
  forms: [
    hardenedForm(
      `a session token with the log position; any of two replicas is read once it has reached it, and what the primary had ${replicatedUserBounds.stalenessMsMax} ms ago, else the primary; bounded pools`,
      () => replicatedUserSystem(),
    ),
    textbookForm({
      summary: "`DatabaseRouter`: writes go to the primary, reads to any replica; a pool that waits for 30 s",
      needs: "a replica that is behind; its usual lag is enough",
      flaws: [
        {
          flaw: "a read goes to any replica: after a write the same user reads the old value",
          checker: "read-your-writes",
          types: ["own-write-not-seen"],
        },
        {
          flaw: "`random.choice`: a later read goes to another replica, which is older",
          checker: "monotonic-reads",
          types: ["read-went-back"],
        },
      ],
      system: textbookReplicatedUserSystem,
    }),
    ...defects.map((defect) => defectForm(defect, replicatedUserSystem, checkers)),
  ],
  workload: replicatedProfilesWorkload(limits.callTimeoutMs),
  faults: replicatedUserFaults(),
  faultsMax: 4,
  checkers,
  limits,
  real: [
    "hardened",
    "textbook",
    "defect:random-replica",
    "defect:token-not-propagated",
    "defect:unbounded-staleness",
  ],
});

/**
 * A call that a fault swallowed is given up, the system settles, and only then somebody asks again. Whoever is not
 * served some time after that waits for a connection that does not come.
 */
function recovery(of: AvailabilityOptions): Checker {
  return recoveryAfterFaults({ ...of, answeredCodes: ["conflict"], recoverWithinMs });
}
