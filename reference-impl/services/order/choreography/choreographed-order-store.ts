import type { Kysely } from "kysely";
import { announced } from "../../../patterns/announced-once.ts";
import { type Answer, errorAnswer, jsonAnswer } from "../../../patterns/answer.ts";
import { eventMessage, type OutgoingMessage } from "../../../patterns/event-message.ts";
import type { NewOrder } from "./choreographed-order-input.ts";
import type { ChoreographedOrderRow, ChoreographedOrderTables } from "./choreographed-order-tables.ts";
import { type OrderLine, orderTopics } from "./order-events.ts";

/** Reads an order. */
export async function findOrder(database: Kysely<ChoreographedOrderTables>, id: string): Promise<Answer> {
  const row = await database.selectFrom("orders").selectAll().where("id", "=", id).executeTakeFirst();
  return row === undefined ? noSuchOrder(id) : jsonAnswer(200, shown(row));
}

/** Stores a new order, with its message, unless the id is taken. */
export async function insertOrder(
  transaction: Kysely<ChoreographedOrderTables>,
  order: NewOrder,
): Promise<Answer> {
  const { id, contact, amount } = order;
  const row: ChoreographedOrderRow = {
    id,
    version: 1,
    contact,
    lines: JSON.stringify(order.lines),
    amount,
    status: "PENDING",
    payment: "waiting",
    stock: "waiting",
  };
  const result = await transaction
    .insertInto("orders")
    .values(row)
    .onConflict((conflict) => conflict.column("id").doNothing())
    .executeTakeFirst();
  if (result.numInsertedOrUpdatedRows !== 1n) {
    return errorAnswer(409, "already-exists", `There is an order ${id} already.`);
  }
  return announced(jsonAnswer(201, shown(row)), [orderMessage(row, "order.created")]);
}

/** Changes the contact of an order, with its message. */
export async function changeContact(
  transaction: Kysely<ChoreographedOrderTables>,
  id: string,
  contact: string,
): Promise<Answer> {
  const row = await transaction
    .updateTable("orders")
    .set((eb) => ({ contact, version: eb("version", "+", 1) }))
    .where("id", "=", id)
    .returningAll()
    .executeTakeFirst();
  if (row === undefined) return noSuchOrder(id);
  return announced(jsonAnswer(200, shown(row)), [orderMessage(row, "order.changed")]);
}

/** The message that tells of an order as it is now; its sequence is the order's version. */
export function orderMessage(row: ChoreographedOrderRow, type: string): OutgoingMessage {
  const body = { orderId: row.id, contact: row.contact, lines: linesOf(row), amount: row.amount };
  return {
    topic: orderTopics.orders,
    message: eventMessage(`order/${row.id}`, row.version, type, { ...body }),
  };
}

function linesOf(row: ChoreographedOrderRow): { readonly item: string; readonly quantity: number }[] {
  return (JSON.parse(row.lines) as OrderLine[]).map(({ item, quantity }) => ({ item, quantity }));
}

function shown({ id, version, contact, amount, status }: ChoreographedOrderRow): object {
  return { id, version, contact, amount, status };
}

function noSuchOrder(id: string): Answer {
  return errorAnswer(404, "not-found", `There is no order ${id}.`);
}
