import type { InventoryMechanisms } from "../services/inventory/inventory.service.ts";
import { changedAmounts, type MovePieces } from "../services/inventory/movement.ts";
import type { Defect } from "./defect.ts";

const moveAnyway: MovePieces = async (database, id, kind, quantity) => {
  const result = await database
    .updateTable("items")
    .set((eb) => changedAmounts(kind, (name, sign) => eb(name, sign, quantity)))
    .where("id", "=", id)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
};

/** Pieces are taken whether or not there are enough. */
export const unguardedDecrement: Defect<InventoryMechanisms> = {
  name: "unguarded-decrement",
  missing: "pieces are taken whether or not there are enough",
  needs: "clients that ask for more than there is; no fault",
  shows: [{ checker: "conservation", types: ["negative-amount"] }],
  replacement: () => ({ move: moveAnyway }),
};
