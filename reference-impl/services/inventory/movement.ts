import type { Kysely } from "kysely";
import type { InventoryTables, ItemRow } from "./inventory-tables.ts";

/** The three amounts of an item. */
export type Amount = "stock" | "reserved" | "shipped";

/** How pieces of an item move: out of one amount (or from outside), into another. */
export interface MovementKind {
  /** Last part of the address: `POST /items/:id/<route>`. */
  readonly route: string;
  /** Null: the pieces come from outside. */
  readonly from: Amount | null;
  readonly to: Amount;
}

/** What can be done with pieces. */
export const movements: Readonly<
  Record<"reserve" | "release" | "ship" | "restock" | "return", MovementKind>
> = {
  reserve: { route: "reservations", from: "stock", to: "reserved" },
  release: { route: "releases", from: "reserved", to: "stock" },
  ship: { route: "shipments", from: "reserved", to: "shipped" },
  restock: { route: "restocks", from: null, to: "stock" },
  return: { route: "returns", from: "shipped", to: "reserved" },
};

/** What can be done to one item by itself. */
export const movementKinds: readonly MovementKind[] = [
  movements.reserve,
  movements.release,
  movements.ship,
  movements.restock,
];

/** Moves pieces; false where the item does not have so many, or does not exist. */
export type MovePieces = (
  database: Kysely<InventoryTables>,
  id: string,
  kind: MovementKind,
  quantity: number,
) => Promise<boolean>;

/** One guarded UPDATE: takes only where enough is left, under the row's lock. */
export const moveWhereEnough: MovePieces = async (database, id, kind, quantity) => {
  let update = database
    .updateTable("items")
    .set((eb) => changedAmounts(kind, (name, sign) => eb(name, sign, quantity)))
    .where("id", "=", id);
  if (kind.from !== null) update = update.where(kind.from, ">=", quantity);
  const result = await update.executeTakeFirst();
  return result.numUpdatedRows === 1n;
};

/** The new amounts of an item: the difference between these movements is only who guards them. */
export function changedAmounts<Expression>(
  kind: MovementKind,
  change: (amount: Amount, sign: "+" | "-") => Expression,
): Partial<Record<Amount & keyof ItemRow, Expression>> {
  const added = { [kind.to]: change(kind.to, "+") };
  return kind.from === null ? added : { ...added, [kind.from]: change(kind.from, "-") };
}
