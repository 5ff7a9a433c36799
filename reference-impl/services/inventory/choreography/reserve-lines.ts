import type { Kysely } from "kysely";
import type { OrderLine } from "../../order/choreography/order-events.ts";
import type { InventoryTables } from "../inventory-tables.ts";
import { movementKinds, moveWhereEnough } from "../movement.ts";

/** Puts the pieces of all lines aside; false, and nothing is put aside, where there are too few of one item. */
export type ReserveLines = (
  transaction: Kysely<InventoryTables>,
  lines: readonly OrderLine[],
) => Promise<boolean>;

/**
 * One guarded UPDATE per item, for all lines of it together; in the order of the items' ids, so that
 * two orders never wait for each other. What was taken before an item fell short is put back.
 */
export const reserveWhereEnough: ReserveLines = async (transaction, lines) => {
  const taken: OrderLine[] = [];
  for (const line of perItem(lines)) {
    if (await moveWhereEnough(transaction, line.item, kindOf("reservations"), line.quantity)) {
      taken.push(line);
      continue;
    }
    for (const { item, quantity } of taken) await putBack(transaction, item, quantity);
    return false;
  }
  return true;
};

/** Puts pieces back that were put aside. */
export async function putBack(
  transaction: Kysely<InventoryTables>,
  item: string,
  quantity: number,
): Promise<void> {
  await moveWhereEnough(transaction, item, kindOf("releases"), quantity);
}

/** The lines of an order, one per item, by the items' ids. */
export function perItem(lines: readonly OrderLine[]): readonly OrderLine[] {
  const quantities = new Map<string, number>();
  for (const { item, quantity } of lines) quantities.set(item, (quantities.get(item) ?? 0) + quantity);
  return [...quantities.keys()].toSorted().map((item) => ({ item, quantity: quantities.get(item) ?? 0 }));
}

/** A kind of movement by the last part of its address. */
function kindOf(route: "reservations" | "releases") {
  const kind = movementKinds.find((candidate) => candidate.route === route);
  if (kind === undefined) throw new RangeError(`there is no movement ${route}`);
  return kind;
}
