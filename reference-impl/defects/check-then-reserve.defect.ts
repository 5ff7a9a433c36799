import { perItem, type ReserveLines } from "../services/inventory/choreography/reserve-lines.ts";
import { changedAmounts, movementKinds } from "../services/inventory/movement.ts";
import type { ChoreographyMechanisms } from "../services/order/choreography/choreography-mechanisms.ts";
import type { Defect } from "./defect.ts";

const lookThenTake: ReserveLines = async (transaction, lines) => {
  for (const { item, quantity } of lines) {
    const row = await transaction
      .selectFrom("items")
      .select("stock")
      .where("id", "=", item)
      .executeTakeFirst();
    if (row === undefined || row.stock < quantity) return false;
  }
  const [reservation] = movementKinds;
  if (reservation === undefined) return false;
  for (const { item, quantity } of perItem(lines)) {
    await transaction
      .updateTable("items")
      .set((eb) => changedAmounts(reservation, (name, sign) => eb(name, sign, quantity)))
      .where("id", "=", item)
      .execute();
  }
  return true;
};

/** The stock is looked at line by line, and taken in a step of its own. */
export const checkThenReserve: Defect<ChoreographyMechanisms> = {
  name: "check-then-reserve",
  missing: "the stock is looked at line by line, and taken afterwards without looking again",
  needs: "two lines of one item in an order, or two orders at the same time; no fault",
  shows: [{ checker: "conservation", types: ["negative-amount"] }],
  replacement: () => ({ reserve: lookThenTake }),
};
