import type { Kysely } from "kysely";
import { type Answer, errorAnswer, jsonAnswer } from "../../patterns/answer.ts";
import { leaveState } from "../../patterns/semantic-lock.ts";
import { type NewOrder, type OrderLine, orderAmount } from "./order-input.ts";
import type { OrderRow, OrderState, OrderTables } from "./order-tables.ts";

/** Reads an order. */
export async function findOrder(database: Kysely<OrderTables>, id: string): Promise<Answer> {
  const row = await loadOrder(database, id);
  return row === null ? noSuchOrder(id) : jsonAnswer(200, shownOrder(row));
}

/** Stores an order as PENDING, unless the id is taken. */
export async function insertOrder(
  transaction: Kysely<OrderTables>,
  order: NewOrder,
  atUs: number,
): Promise<Answer> {
  const row: OrderRow = {
    id: order.orderId,
    customer_id: order.customerId,
    items: JSON.stringify(order.items),
    amount: orderAmount(order.items),
    state: "PENDING",
    created_at: atUs,
    ended_at: null,
  };
  const result = await transaction
    .insertInto("orders")
    .values(row)
    .onConflict((conflict) => conflict.column("id").doNothing())
    .executeTakeFirst();
  if (result.numInsertedOrUpdatedRows === 1n) return jsonAnswer(201, shownOrder(row));
  return errorAnswer(409, "already-exists", `There is an order ${order.orderId} already.`);
}

/** Ends a PENDING order. One that has ended is left as it is: 409. */
export async function endOrder(
  transaction: Kysely<OrderTables>,
  id: string,
  state: Exclude<OrderState, "PENDING">,
  atUs: number,
): Promise<Answer> {
  const change = { state, ended_at: atUs };
  if (await leaveState<OrderRow, OrderTables>(transaction, "orders", id, "PENDING", change)) {
    return jsonAnswer(200, { orderId: id, state });
  }
  const row = await loadOrder(transaction, id);
  if (row === null) return noSuchOrder(id);
  return errorAnswer(409, "not-pending", `The order ${id} is ${row.state}.`);
}

async function loadOrder(database: Kysely<OrderTables>, id: string): Promise<OrderRow | null> {
  const row = await database.selectFrom("orders").selectAll().where("id", "=", id).executeTakeFirst();
  return row ?? null;
}

/** An order as callers see it. */
function shownOrder(row: OrderRow): object {
  return {
    orderId: row.id,
    customerId: row.customer_id,
    items: JSON.parse(row.items) as readonly OrderLine[],
    amount: row.amount,
    state: row.state,
  };
}

function noSuchOrder(id: string): Answer {
  return errorAnswer(404, "not-found", `There is no order ${id}.`);
}
