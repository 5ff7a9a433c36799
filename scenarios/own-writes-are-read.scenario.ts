import { activity } from "../checkers/activity/activity.checker.ts";
import { readYourWrites } from "../checkers/session/read-your-writes.checker.ts";
import { defineScenario, type Scenario } from "../harness/run/scenario.ts";
import { acknowledgeBeforeCommit } from "../reference-impl/defects/acknowledge-before-commit.defect.ts";
import type { Defect } from "../reference-impl/defects/defect.ts";
import { sharedConnection } from "../reference-impl/defects/shared-connection.defect.ts";
import type { UserMechanisms } from "../reference-impl/services/user/user.service.ts";
import { textbookUserSystem, userNodes, userSystem } from "../reference-impl/systems/user.system.ts";
import { oneServiceFaults } from "./faults/one-service-faults.ts";
import { defectForm, hardenedForm, textbookForm } from "./forms.ts";
import { ownProfileWorkload } from "./own-profile.workload.ts";

const limits = { loadMs: 120_000, settleMs: 1000, callTimeoutMs: 2000 };
const checkers = [readYourWrites(), activity()];
const defects: readonly Defect<UserMechanisms>[] = [sharedConnection, acknowledgeBeforeCommit];

/** Pattern 1, the user service: a user sees its own profile as it last wrote it. */
export const ownWritesAreRead: Scenario = defineScenario({
  name: "own-writes-are-read",
  claim: "a client that was told that its profile is stored reads that state or a later one from then on",
  notTested: [
    "read replicas and caches (patterns 13 and 14): there is one store here",
    "what one client sees of the others' writes",
    "profiles that several clients write (`acknowledged-updates-are-kept` has those)",
    "a store whose acknowledged commits do not survive its own crash",
  ],
  patterns: ["1 Database per service"],
  forms: [
    hardenedForm("a transaction for each request, committed before the answer", () => userSystem()),
    textbookForm({
      summary: "`UserDatabase`: one connection for all requests, and a transaction that is never committed",
      needs: "the service crashes, or its connection to the store breaks and it is restarted",
      flaws: [
        {
          flaw: "a change is acknowledged and never committed: after a crash, on another connection, its own writer does not see it",
          checker: "read-your-writes",
          types: ["own-write-not-seen"],
        },
      ],
      system: textbookUserSystem,
    }),
    ...defects.map((defect) => defectForm(defect, userSystem, checkers)),
  ],
  workload: ownProfileWorkload(limits.callTimeoutMs),
  faults: oneServiceFaults(userNodes),
  faultsMax: 6,
  checkers,
  limits,
  real: ["hardened", "textbook"],
});
