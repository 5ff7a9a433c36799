import { activity } from "../checkers/activity/activity.checker.ts";
import { definiteAnswers } from "../checkers/answers/definite-answers.checker.ts";
import { durability } from "../checkers/durability/durability.checker.ts";
import { defineScenario, type Scenario } from "../harness/run/scenario.ts";
import { acknowledgeBeforeCommit } from "../reference-impl/defects/acknowledge-before-commit.defect.ts";
import type { Defect } from "../reference-impl/defects/defect.ts";
import { sharedConnection } from "../reference-impl/defects/shared-connection.defect.ts";
import type { UserMechanisms } from "../reference-impl/services/user/user.service.ts";
import { textbookUserSystem, userNodes, userSystem } from "../reference-impl/systems/user.system.ts";
import { oneServiceFaults } from "./faults/one-service-faults.ts";
import { defectForm, hardenedForm, textbookForm } from "./forms.ts";
import { signUpWorkload } from "./sign-up.workload.ts";

const limits = { loadMs: 120_000, settleMs: 1000, callTimeoutMs: 2000 };
const checkers = [durability(), definiteAnswers(), activity()];
const defects: readonly Defect<UserMechanisms>[] = [acknowledgeBeforeCommit, sharedConnection];

/** Pattern 1, the user service: what was acknowledged is there, whatever crashes. */
export const acknowledgedUsersSurvive: Scenario = defineScenario({
  name: "acknowledged-users-survive",
  claim:
    "a user whose sign-up was acknowledged is found from then on, whatever crashes or is cut off, and whatever nonsense others send",
  notTested: [
    "a store whose acknowledged commits do not survive its own crash (the model store's do)",
    "loss of a disk",
    "users that are changed or deleted afterwards",
  ],
  patterns: ["1 Database per service"],
  forms: [
    hardenedForm("COMMIT is known to have worked before the answer is given", () => userSystem()),
    textbookForm({
      summary: "`UserDatabase`: one connection for all requests, and a transaction that is never committed",
      needs:
        "the service crashes, or its connection to the store breaks and it is restarted; or a bad sign-up",
      flaws: [
        {
          flaw: "a sign-up is acknowledged and never committed: after a crash the user is gone",
          checker: "durability",
          types: ["lost-write"],
        },
        {
          flaw: "bad input is a crash, not a 400",
          checker: "definite-answers",
          types: ["bad-input-crashed"],
        },
        {
          flaw: "statements of all requests share a transaction: what one of them does wrong breaks those of all others",
          checker: "definite-answers",
          types: ["good-input-crashed"],
        },
      ],
      system: textbookUserSystem,
    }),
    ...defects.map((defect) => defectForm(defect, userSystem, checkers)),
  ],
  workload: signUpWorkload(limits.callTimeoutMs),
  faults: oneServiceFaults(userNodes),
  faultsMax: 6,
  checkers,
  limits,
  real: ["hardened", "textbook"],
});
