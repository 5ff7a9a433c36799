import type { Kysely } from "kysely";
import { type Answer, errorAnswer, jsonAnswer } from "../../patterns/answer.ts";
import type { InventoryTables, ReservationRow } from "./inventory-tables.ts";
import { type MovementKind, type MovePieces, movements } from "./movement.ts";
import type { OrderedPieces, Reservation } from "./reservation-input.ts";

/** What a change of reservations needs. */
export interface ReservationTools {
  readonly move: MovePieces;
  readonly newId: () => string;
  readonly nowUs: () => number;
}

/** An order leaves in one parcel of at most so many pieces. */
export const parcelMax = 8;

/** Reserves all pieces of an order, or none. */
export async function reserveOrder(
  transaction: Kysely<InventoryTables>,
  { orderId, items }: Reservation,
  tools: ReservationTools,
): Promise<Answer> {
  const wanted = piecesByItem(items);
  // All rows are locked, in one order for everybody, before the first is changed: all or nothing, no deadlock.
  const rows = await transaction
    .selectFrom("items")
    .select(["id", "stock"])
    .where("id", "in", [...wanted.keys()])
    .orderBy("id")
    .forUpdate()
    .execute();
  const stock = new Map(rows.map((row) => [row.id, row.stock]));
  for (const [itemId, quantity] of wanted) {
    if ((stock.get(itemId) ?? 0) >= quantity) continue;
    return errorAnswer(409, "not-enough", `Fewer than ${quantity} pieces of ${itemId} are in stock.`);
  }
  return await moveAll(transaction, orderId, wanted, { ...movements.reserve, entry: "reserve" }, tools);
}

/** Puts back what is reserved for an order. */
export async function releaseOrder(
  transaction: Kysely<InventoryTables>,
  orderId: string,
  tools: ReservationTools,
): Promise<Answer> {
  const { reserved } = await heldPieces(transaction, orderId);
  return await moveAll(transaction, orderId, reserved, { ...movements.release, entry: "release" }, tools);
}

/** Sends off what is reserved for an order, if it fits into a parcel. */
export async function shipOrder(
  transaction: Kysely<InventoryTables>,
  orderId: string,
  tools: ReservationTools,
): Promise<Answer> {
  const { reserved } = await heldPieces(transaction, orderId);
  const pieces = [...reserved.values()].reduce((sum, quantity) => sum + quantity, 0);
  if (pieces === 0)
    return errorAnswer(409, "nothing-reserved", `Nothing is reserved for the order ${orderId}.`);
  if (pieces > parcelMax) {
    return errorAnswer(409, "parcel-too-large", `A parcel holds ${parcelMax} pieces, not ${pieces}.`);
  }
  return await moveAll(transaction, orderId, reserved, { ...movements.ship, entry: "ship" }, tools);
}

/** Takes back what was sent off for an order: it is reserved again. */
export async function returnOrder(
  transaction: Kysely<InventoryTables>,
  orderId: string,
  tools: ReservationTools,
): Promise<Answer> {
  const { shipped } = await heldPieces(transaction, orderId);
  return await moveAll(transaction, orderId, shipped, { ...movements.return, entry: "return" }, tools);
}

/** Pieces by item, in the order of the items' ids: several lines of one item are one. */
function piecesByItem(items: readonly OrderedPieces[]): Map<string, number> {
  const pieces = new Map<string, number>();
  for (const { itemId, quantity } of items.toSorted((a, b) => (a.itemId < b.itemId ? -1 : 1))) {
    pieces.set(itemId, (pieces.get(itemId) ?? 0) + quantity);
  }
  return pieces;
}

/** What the ledger says is reserved and shipped for an order, by item; items with nothing are left out. */
async function heldPieces(
  database: Kysely<InventoryTables>,
  orderId: string,
): Promise<{ readonly reserved: Map<string, number>; readonly shipped: Map<string, number> }> {
  const rows = await database
    .selectFrom("reservations")
    .select(["item_id", "kind", "quantity"])
    .where("order_id", "=", orderId)
    .orderBy("item_id")
    .execute();
  const reserved = new Map<string, number>();
  const shipped = new Map<string, number>();
  const add = (to: Map<string, number>, itemId: string, quantity: number) => {
    const pieces = (to.get(itemId) ?? 0) + quantity;
    if (pieces > 0) to.set(itemId, pieces);
    else to.delete(itemId);
  };
  for (const { item_id, kind, quantity } of rows) {
    const intoReserved = kind === "reserve" || kind === "return";
    add(reserved, item_id, intoReserved ? quantity : -quantity);
    if (kind === "ship") add(shipped, item_id, quantity);
    if (kind === "return") add(shipped, item_id, -quantity);
  }
  return { reserved, shipped };
}

async function moveAll(
  transaction: Kysely<InventoryTables>,
  orderId: string,
  pieces: ReadonlyMap<string, number>,
  kind: MovementKind & { readonly entry: ReservationRow["kind"] },
  { move, newId, nowUs }: ReservationTools,
): Promise<Answer> {
  if (pieces.size > 0) {
    for (const [itemId, quantity] of pieces) {
      if (await move(transaction, itemId, kind, quantity)) continue;
      throw new RangeError(`the ledger holds pieces of ${itemId} that the item has not in ${kind.from}`);
    }
    const at = nowUs();
    await transaction
      .insertInto("reservations")
      .values(
        [...pieces].map(([item_id, quantity]) => {
          return { id: newId(), order_id: orderId, item_id, kind: kind.entry, quantity, at };
        }),
      )
      .execute();
  }
  const items = [...pieces].map(([itemId, quantity]) => ({ itemId, quantity }));
  return jsonAnswer(kind.entry === "reserve" ? 201 : 200, { orderId, items });
}
