import { activity } from "../checkers/activity/activity.checker.ts";
import { rwRegister } from "../checkers/transactions/rw-register.checker.ts";
import { defineScenario, type Scenario } from "../harness/run/scenario.ts";
import { blindUpdate } from "../reference-impl/defects/blind-update.defect.ts";
import { textbookUserSystem, userNodes, userSystem } from "../reference-impl/systems/user.system.ts";
import { oneServiceFaults } from "./faults/one-service-faults.ts";
import { defectForm, hardenedForm, textbookForm } from "./forms.ts";
import { sharedProfileWorkload } from "./shared-profile.workload.ts";

const limits = { loadMs: 120_000, settleMs: 1000, callTimeoutMs: 2000 };
const checkers = [rwRegister({ isolation: "snapshot-isolation" }), activity()];

/** Pattern 1, the user service: who changes what it read does not write over what it never saw. */
export const unseenChangesAreKept: Scenario = defineScenario({
  name: "unseen-changes-are-kept",
  claim:
    "of clients that read one profile and change what they read only one is told that it is done: nobody writes over a change that it has not seen",
  notTested: [
    "changes of several profiles at once",
    "a client that changes a profile without having read it",
    "a store whose acknowledged commits do not survive its own crash",
  ],
  patterns: ["1 Database per service"],
  forms: [
    hardenedForm("the version that was read goes with the change, and is compared in the UPDATE", () =>
      userSystem(),
    ),
    textbookForm({
      summary: "`UserDatabase.update_user`: sets what it is given, whatever was read or written meanwhile",
      needs: "two clients that read one profile before either of them changes it; no fault",
      flaws: [
        {
          flaw: "`update_user` writes without looking at what was read: of two concurrent updates one is lost",
          checker: "rw-register",
          types: ["lost-update"],
        },
      ],
      system: textbookUserSystem,
    }),
    defectForm(blindUpdate, userSystem, checkers),
  ],
  workload: sharedProfileWorkload(limits.callTimeoutMs),
  faults: oneServiceFaults(userNodes),
  faultsMax: 4,
  checkers,
  limits,
  real: ["hardened", "textbook"],
});
