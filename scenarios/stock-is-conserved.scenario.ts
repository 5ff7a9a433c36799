import { activity } from "../checkers/activity/activity.checker.ts";
import { conservation } from "../checkers/conservation/conservation.checker.ts";
import { defineScenario, type Scenario } from "../harness/run/scenario.ts";
import { blindRetryAfterUnknown } from "../reference-impl/defects/blind-retry-after-unknown.defect.ts";
import type { Defect } from "../reference-impl/defects/defect.ts";
import { noRequestKey } from "../reference-impl/defects/no-request-key.defect.ts";
import { unguardedDecrement } from "../reference-impl/defects/unguarded-decrement.defect.ts";
import type { InventoryMechanisms } from "../reference-impl/services/inventory/inventory.service.ts";
import {
  inventoryNodes,
  inventorySystem,
  textbookInventorySystem,
} from "../reference-impl/systems/inventory.system.ts";
import { oneServiceFaults } from "./faults/one-service-faults.ts";
import { defectForm, hardenedForm, textbookForm } from "./forms.ts";
import { stockWorkload } from "./stock.workload.ts";

const limits = { loadMs: 120_000, settleMs: 1000, callTimeoutMs: 2000 };
const checkers = [conservation(), activity()];
const defects: readonly Defect<InventoryMechanisms>[] = [
  unguardedDecrement,
  noRequestKey,
  blindRetryAfterUnknown,
];

/** Pattern 1, the inventory: no piece is lost, made up, or taken twice. */
export const stockIsConserved: Scenario = defineScenario({
  name: "stock-is-conserved",
  claim:
    "stock, reserved and shipped pieces of an item are never negative, and nothing but a restock changes their sum",
  notTested: [
    "orders of several items at once",
    "reservations that expire",
    "a copy of a request that arrives at another process of the service than the first, both without a store",
    "a store whose acknowledged commits do not survive its own crash",
  ],
  patterns: ["1 Database per service"],
  forms: [
    hardenedForm("a guarded UPDATE, once per request key, in one transaction", () => inventorySystem()),
    textbookForm({
      summary: "`update_inventory`: an increment without a floor, repeated as often as it is asked for",
      needs: "clients that ask for more than there is; or a request that arrives twice",
      flaws: [
        { flaw: "stock has no floor", checker: "conservation", types: ["negative-amount"] },
        {
          flaw: "a request that arrives twice, or is sent again, moves the pieces twice",
          checker: "conservation",
          types: ["effect-repeated", "sum-changed"],
        },
      ],
      system: textbookInventorySystem,
    }),
    ...defects.map((defect) => defectForm(defect, inventorySystem, checkers)),
  ],
  workload: stockWorkload(limits.callTimeoutMs),
  faults: oneServiceFaults(inventoryNodes),
  faultsMax: 4,
  checkers,
  limits,
  real: ["hardened", "textbook", "defect:unguarded-decrement"],
});
