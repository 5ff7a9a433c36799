import { activity } from "../checkers/activity/activity.checker.ts";
import type { Checker } from "../checkers/checker.ts";
import { onKeys } from "../checkers/composition/on-keys.ts";
import { balancedHoldings } from "../checkers/conservation/balanced-holdings.checker.ts";
import { conservation } from "../checkers/conservation/conservation.checker.ts";
import { delivery } from "../checkers/delivery/delivery.checker.ts";
import { projection } from "../checkers/projection/projection.checker.ts";
import { sagaAtomicity } from "../checkers/saga/saga-atomicity.checker.ts";
import { monotonicReads } from "../checkers/session/monotonic-reads.checker.ts";
import { monotonicWrites } from "../checkers/session/monotonic-writes.checker.ts";
import { readYourWrites } from "../checkers/session/read-your-writes.checker.ts";
import { defineScenario, type ExpectedAnomaly, type Form, type Scenario } from "../harness/run/scenario.ts";
import { compensateInForwardOrder } from "../reference-impl/defects/compensate-in-forward-order.defect.ts";
import type { Defect } from "../reference-impl/defects/defect.ts";
import { dualWrite } from "../reference-impl/defects/dual-write.defect.ts";
import { nonIdempotentHandler } from "../reference-impl/defects/non-idempotent-handler.defect.ts";
import { randomReplica } from "../reference-impl/defects/random-replica.defect.ts";
import { type ShopDefects, shopNodes, shopSystem } from "../reference-impl/systems/shop.system.ts";
import { belongsToList, limitOfList, orderOfLists } from "./catalogue.workload.ts";
import { defectForm, hardenedForm } from "./forms.ts";
import { orderSagaStepNames } from "./inspect-order-sagas.ts";
import { inspectWholeShop } from "./inspect-whole-shop.ts";
import { undisturbedLagMsMax } from "./undisturbed-lag.ts";
import { wholeShopWorkload } from "./whole-shop.workload.ts";
import { wholeShopFaults } from "./whole-shop-faults.ts";

const limits = { loadMs: 120_000, settleMs: 30_000, callTimeoutMs: 2000 };

/** The parts of the shop, by the keys of what each has promised; a read model's progress has its name for a key. */
const parts: Readonly<Record<string, readonly string[]>> = {
  users: ["user/"],
  profiles: ["user/", shopNodes.recommendation],
  catalogue: ["product/", "category/", "search/", shopNodes.query],
  orders: ["order/"],
  stock: ["item/"],
  books: ["pieces/", "ledger/", "ordered/", "money"],
};

/** A checker on one part, under the name of both. */
function of(part: string, checker: Checker): Checker {
  return onKeys(named(part, checker.name), checker, (key) =>
    (parts[part] ?? []).some((start) => key.startsWith(start)),
  );
}

function named(part: string, checker: string): string {
  return `${part}-${checker}`;
}

const checkers = [
  of("users", readYourWrites()),
  of("users", monotonicReads()),
  of("users", monotonicWrites()),
  of("profiles", projection({ functions: { read: "look" }, maxUndisturbedLagMs: undisturbedLagMsMax })),
  of("profiles", delivery({ consumers: [], inspected: ["committed", "published"] })),
  of(
    "catalogue",
    projection({
      memberOf: belongsToList,
      listOrder: orderOfLists,
      limitOf: limitOfList,
      maxUndisturbedLagMs: undisturbedLagMsMax,
    }),
  ),
  of("orders", sagaAtomicity({ steps: orderSagaStepNames, inspected: ["saga", "effect"] })),
  of(
    "orders",
    delivery({
      consumers: [shopNodes.notification],
      inspected: ["committed", "published", "handled", "parked"],
    }),
  ),
  of("stock", conservation()),
  of("books", balancedHoldings()),
  activity(),
];

/** The shop with one defect in one of its parts, which must be found there. */
function defectIn<Mechanisms>(
  part: string,
  defect: Defect<Mechanisms>,
  defects: (defect: Defect<Mechanisms>) => ShopDefects,
): Form {
  const inPart = ({ checker, types }: ExpectedAnomaly) => ({ checker: named(part, checker), types });
  const [first, ...others] = defect.shows;
  const shows = [inPart(first), ...others.map(inPart)] as const;
  return defectForm({ ...defect, shows }, (one) => shopSystem(defects(one)), checkers);
}

/** All services together: what the other scenarios ask of a part is asked of each part of the whole. */
export const theWholeShopAgrees: Scenario = defineScenario({
  name: "the-whole-shop-agrees",
  claim:
    "while all services of the shop run together each part keeps its promise: sessions see their writes, replicas and catalogue follow, sagas end as a whole, and what happens to an order is told once",
  notTested: [
    "promises between parts, such as that an order's item is a product of the catalogue",
    "several processes of one service",
    "the textbook forms: each is judged in the scenario of its own claim",
    "a broker that loses what it acknowledged",
  ],
  patterns: [
    "1 Database per service",
    "3 BASE propagation",
    "4 CQRS",
    "6 Saga orchestration",
    "9 Transactional outbox and idempotent consumer",
    "13 Read replicas and connection pooling",
  ],
  forms: [
    hardenedForm("every service as it is in the scenario of its own claim, all together", () => shopSystem()),
    defectIn("users", randomReplica, (user) => ({ user })),
    defectIn("catalogue", nonIdempotentHandler, (query) => ({ query })),
    defectIn("orders", compensateInForwardOrder, (saga) => ({ saga })),
    defectIn("orders", dualWrite, (orderEvents) => ({ orderEvents })),
  ],
  workload: wholeShopWorkload(limits.callTimeoutMs),
  faults: wholeShopFaults(),
  faultsMax: 5,
  checkers,
  limits,
  inspect: inspectWholeShop,
  real: ["hardened", "defect:random-replica", "defect:compensate-in-forward-order"],
});
