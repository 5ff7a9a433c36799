import { activity } from "../checkers/activity/activity.checker.ts";
import { definiteAnswers } from "../checkers/answers/definite-answers.checker.ts";
import { conservation } from "../checkers/conservation/conservation.checker.ts";
import { defineScenario, type Scenario } from "../harness/run/scenario.ts";
import type { Defect } from "../reference-impl/defects/defect.ts";
import { forgetfulDocument } from "../reference-impl/defects/forgetful-document.defect.ts";
import { unguardedIncrement } from "../reference-impl/defects/unguarded-increment.defect.ts";
import type { ProductMechanisms } from "../reference-impl/services/product/product.service.ts";
import {
  productNodes,
  productSystem,
  textbookProductSystem,
} from "../reference-impl/systems/product.system.ts";
import { systemFaults } from "./faults/system-faults.ts";
import { defectForm, hardenedForm, textbookForm } from "./forms.ts";
import { type StockPlace, stockWorkload } from "./stock.workload.ts";

const nodes = productNodes;
const limits = { loadMs: 120_000, settleMs: 2000, callTimeoutMs: 2000 };
const checkers = [conservation(), definiteAnswers(), activity()];
const defects: readonly Defect<ProductMechanisms>[] = [unguardedIncrement, forgetfulDocument];

/** Ids that the seed's form takes as well: 24 hexadecimal digits. Now and then somebody asks for something else. */
const place: StockPlace = {
  service: nodes.service,
  path: "products",
  idOf: (item) => String(item).padStart(24, "a"),
  noId: "red-ink",
  newItem: { name: "Red Ink", price: 100, category: "pens" },
};

/** Pattern 1, products on MongoDB: no piece is lost, made up, or taken twice. */
export const productStockIsConserved: Scenario = defineScenario({
  name: "product-stock-is-conserved",
  claim:
    "stock, reserved and shipped pieces of a product on MongoDB are never negative, nothing but a restock changes their sum, and an id that is none is refused",
  notTested: [
    "orders of several products at once",
    "copies of a request that come after a day, when a product has forgotten it",
    "a copy of a request that arrives at another process of the service than the first, both without a store",
    "a store whose acknowledged writes do not survive its own crash, and failover to another one",
  ],
  patterns: ["1 Database per service"],
  forms: [
    hardenedForm(
      "one conditional write: the amounts, and the request that was answered, in one document",
      () => productSystem(),
    ),
    textbookForm({
      summary: "`update_inventory`: a `$inc` without a floor, repeated as often as it is asked for",
      needs:
        "clients that ask for more than there is, or under an id that is none; a request that arrives twice",
      flaws: [
        { flaw: "stock has no floor", checker: "conservation", types: ["negative-amount"] },
        {
          flaw: "a request that arrives twice, or is sent again, moves the pieces twice",
          checker: "conservation",
          types: ["effect-repeated", "sum-changed"],
        },
        {
          flaw: "an id that is no ObjectId is a crash, not a 404",
          checker: "definite-answers",
          types: ["bad-input-crashed"],
        },
      ],
      system: textbookProductSystem,
    }),
    ...defects.map((defect) => defectForm(defect, productSystem, checkers)),
  ],
  workload: stockWorkload(limits.callTimeoutMs, place),
  faults: systemFaults({
    edges: [
      { from: "clients", to: nodes.service, speaks: "http" },
      { from: nodes.service, to: nodes.store, speaks: "documents" },
    ],
    processes: [nodes.service, nodes.store],
  }),
  faultsMax: 4,
  checkers,
  limits,
  real: ["hardened", "textbook", "defect:unguarded-increment"],
});
