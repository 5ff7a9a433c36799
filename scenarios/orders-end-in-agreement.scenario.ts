import { activity } from "../checkers/activity/activity.checker.ts";
import { balancedHoldings } from "../checkers/conservation/balanced-holdings.checker.ts";
import { conservation } from "../checkers/conservation/conservation.checker.ts";
import { sagaAtomicity } from "../checkers/saga/saga-atomicity.checker.ts";
import { defineScenario, type Scenario } from "../harness/run/scenario.ts";
import { checkThenReserve } from "../reference-impl/defects/check-then-reserve.defect.ts";
import type { Defect } from "../reference-impl/defects/defect.ts";
import { dualWrite } from "../reference-impl/defects/dual-write.defect.ts";
import { noDedupe } from "../reference-impl/defects/no-dedupe.defect.ts";
import { noInsufficientHandler } from "../reference-impl/defects/no-insufficient-handler.defect.ts";
import { payOnRedelivery } from "../reference-impl/defects/pay-on-redelivery.defect.ts";
import { swallowHandlerError } from "../reference-impl/defects/swallow-handler-error.defect.ts";
import type { ChoreographyMechanisms } from "../reference-impl/services/order/choreography/choreography-mechanisms.ts";
import { choreographySystem, textbookShopSystem } from "../reference-impl/systems/choreography.system.ts";
import { defectForm, hardenedForm, textbookForm } from "./forms.ts";
import { inspectShop, shopSteps } from "./inspect-shop.ts";
import { shopWorkload } from "./shop.workload.ts";
import { shopFaults } from "./shop-faults.ts";
import { shopFlaws } from "./shop-flaws.ts";

const limits = { loadMs: 120_000, settleMs: 30_000, callTimeoutMs: 2000 };
const checkers = [
  sagaAtomicity({ steps: shopSteps, order: "none", inspected: ["saga", "effect"] }),
  conservation(),
  balancedHoldings(),
  activity(),
];
const defects: readonly Defect<ChoreographyMechanisms>[] = [
  dualWrite,
  noDedupe,
  swallowHandlerError,
  noInsufficientHandler,
  checkThenReserve,
  payOnRedelivery,
];

/** Pattern 2: order, payment and inventory come to agree, without anybody in charge. */
export const ordersEndInAgreement: Scenario = defineScenario({
  name: "orders-end-in-agreement",
  claim:
    "every order ends confirmed (paid once, reserved once) or cancelled (nothing paid, nothing reserved), and stock is never oversold",
  notTested: [
    "customers who cancel an order themselves",
    "a broker that loses what it acknowledged",
    "several processes of one service",
    "how long an order takes",
  ],
  patterns: ["2 Choreographed eventual consistency"],
  forms: [
    hardenedForm(
      "outbox and inbox in every service; the order waits for payment and inventory, and cancels where one refuses",
      () => choreographySystem("kafka"),
    ),
    textbookForm({
      summary:
        "three services in one process over a bus in memory: errors printed, no answer to too little stock",
      needs: "an order of more than there is; a crash, or a store that is away, while an order is handled",
      flaws: shopFlaws,
      system: () => textbookShopSystem("kafka"),
    }),
    ...defects.map((defect) => defectForm(defect, (one) => choreographySystem("kafka", one), checkers)),
  ],
  workload: shopWorkload(limits.callTimeoutMs),
  faults: shopFaults("kafka"),
  faultsMax: 4,
  checkers,
  limits,
  real: ["hardened", "textbook", "defect:no-insufficient-handler", "defect:check-then-reserve"],
  inspect: inspectShop,
});
