import type { Kysely } from "kysely";
import { type Answer, errorAnswer, jsonAnswer } from "../../patterns/answer.ts";
import type { NewItem } from "./inventory-input.ts";
import type { InventoryTables, ItemRow } from "./inventory-tables.ts";
import type { MovementKind, MovePieces } from "./movement.ts";

/** Reads an item. */
export async function findItem(database: Kysely<InventoryTables>, id: string): Promise<Answer> {
  const row = await loadItem(database, id);
  return row === null ? noSuchItem(id) : jsonAnswer(200, row);
}

/** Stores an item of which nothing is reserved or shipped, unless the id is taken. */
export async function insertItem(transaction: Kysely<InventoryTables>, item: NewItem): Promise<Answer> {
  const row = { id: item.id, stock: item.stock, reserved: 0, shipped: 0 };
  const result = await transaction
    .insertInto("items")
    .values(row)
    .onConflict((conflict) => conflict.column("id").doNothing())
    .executeTakeFirst();
  if (result.numInsertedOrUpdatedRows === 1n) return jsonAnswer(201, row);
  return errorAnswer(409, "already-exists", `There is an item ${item.id} already.`);
}

/** Moves pieces of an item, or says why not. */
export async function moveItem(
  transaction: Kysely<InventoryTables>,
  id: string,
  kind: MovementKind,
  quantity: number,
  move: MovePieces,
): Promise<Answer> {
  const moved = await move(transaction, id, kind, quantity);
  const row = await loadItem(transaction, id);
  if (row === null) return noSuchItem(id);
  if (moved) return jsonAnswer(200, row);
  return errorAnswer(409, "not-enough", `Fewer than ${quantity} pieces of ${id} are in ${kind.from}.`);
}

async function loadItem(database: Kysely<InventoryTables>, id: string): Promise<ItemRow | null> {
  const row = await database
    .selectFrom("items")
    .select(["id", "stock", "reserved", "shipped"])
    .where("id", "=", id)
    .executeTakeFirst();
  return row ?? null;
}

function noSuchItem(id: string): Answer {
  return errorAnswer(404, "not-found", `There is no item ${id}.`);
}
