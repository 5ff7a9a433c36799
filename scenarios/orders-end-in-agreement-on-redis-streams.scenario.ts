import { activity } from "../checkers/activity/activity.checker.ts";
import { balancedHoldings } from "../checkers/conservation/balanced-holdings.checker.ts";
import { conservation } from "../checkers/conservation/conservation.checker.ts";
import { sagaAtomicity } from "../checkers/saga/saga-atomicity.checker.ts";
import { defineScenario, type Scenario } from "../harness/run/scenario.ts";
import type { Defect } from "../reference-impl/defects/defect.ts";
import { dualWrite } from "../reference-impl/defects/dual-write.defect.ts";
import { noDedupe } from "../reference-impl/defects/no-dedupe.defect.ts";
import { payOnRedelivery } from "../reference-impl/defects/pay-on-redelivery.defect.ts";
import { swallowHandlerError } from "../reference-impl/defects/swallow-handler-error.defect.ts";
import type { ChoreographyMechanisms } from "../reference-impl/services/order/choreography/choreography-mechanisms.ts";
import { choreographySystem } from "../reference-impl/systems/choreography.system.ts";
import { defectForm, hardenedForm } from "./forms.ts";
import { inspectShop, shopSteps } from "./inspect-shop.ts";
import { shopWorkload } from "./shop.workload.ts";
import { shopFaults } from "./shop-faults.ts";

const limits = { loadMs: 120_000, settleMs: 30_000, callTimeoutMs: 2000 };
const checkers = [
  sagaAtomicity({ steps: shopSteps, order: "none", inspected: ["saga", "effect"] }),
  conservation(),
  balancedHoldings(),
  activity(),
];
// What has nothing to do with the bus (the reservation, the answer to too little stock, the seed's bus in memory) is judged
// in `orders-end-in-agreement`.
const defects: readonly Defect<ChoreographyMechanisms>[] = [
  dualWrite,
  noDedupe,
  swallowHandlerError,
  payOnRedelivery,
];

/** Pattern 2 on the other bus: the same services over Redis Streams. */
export const ordersEndInAgreementOnRedisStreams: Scenario = defineScenario({
  name: "orders-end-in-agreement-on-redis-streams",
  claim:
    "over Redis Streams too every order ends confirmed (paid once, reserved once) or cancelled (nothing paid, nothing reserved)",
  notTested: [
    "a Redis that loses what it acknowledged: it needs `appendfsync always`, and no fail-over",
    "several members of one group at work",
    "streams that are trimmed",
  ],
  patterns: ["2 Choreographed eventual consistency"],
  forms: [
    hardenedForm("as over Kafka; an entry is acknowledged after its effect was committed", () =>
      choreographySystem("redis"),
    ),
    ...defects.map((defect) => defectForm(defect, (one) => choreographySystem("redis", one), checkers)),
  ],
  workload: shopWorkload(limits.callTimeoutMs),
  faults: shopFaults("redis"),
  faultsMax: 4,
  checkers,
  limits,
  real: ["hardened"],
  inspect: inspectShop,
});
