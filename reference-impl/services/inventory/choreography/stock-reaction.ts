import type { Kysely } from "kysely";
import { databasePart } from "../../../patterns/database-part.ts";
import type { Reaction } from "../../../patterns/event-driven.ts";
import { eventMessage, type OutgoingMessage } from "../../../patterns/event-message.ts";
import { nextSequence, type StreamTables } from "../../../patterns/stream-sequence.ts";
import type { LedgerNeeds, ServiceNeeds } from "../../../service-needs.ts";
import {
  type OrderLine,
  orderTopics,
  readAboutOrder,
  readOrderNews,
} from "../../order/choreography/order-events.ts";
import type { InventoryTables, ReservationRow } from "../inventory-tables.ts";
import type { ChoreographedInventoryTables } from "./choreographed-inventory-tables.ts";
import { perItem, putBack, type ReserveLines } from "./reserve-lines.ts";

/**
 * What the inventory service does when an order was created or cancelled: puts its pieces aside, or says
 * that there are too few; puts back what it put aside.
 */
export function stockReaction(
  needs: ServiceNeeds<ChoreographedInventoryTables> & LedgerNeeds,
  reserve: ReserveLines,
): Reaction<ChoreographedInventoryTables> {
  return async (transaction, { type, body }) => {
    if (type === "order.created") {
      const { orderId, lines } = readOrderNews(body);
      const reserved = await reserve(
        databasePart<InventoryTables, ChoreographedInventoryTables>(transaction),
        lines,
      );
      if (reserved) await note(needs, transaction, orderId, "reserve", perItem(lines));
      const answer = reserved ? "inventory.reserved" : "inventory.insufficient";
      return [await stockMessage(transaction, orderId, answer)];
    }
    if (type === "order.cancelled") await release(needs, transaction, readAboutOrder(body).orderId);
    return [];
  };
}

async function release(
  needs: ServiceNeeds<ChoreographedInventoryTables> & LedgerNeeds,
  transaction: Kysely<ChoreographedInventoryTables>,
  orderId: string,
): Promise<void> {
  const rows = await transaction
    .selectFrom("reservations")
    .select(["item_id", "kind", "quantity"])
    .where("order_id", "=", orderId)
    .execute();
  const held = perItem(
    rows.map(({ item_id, kind, quantity }) => ({
      item: item_id,
      quantity: kind === "reserve" ? quantity : -quantity,
    })),
  ).filter(({ quantity }) => quantity > 0);
  if (held.length === 0) return;
  const items = databasePart<InventoryTables, ChoreographedInventoryTables>(transaction);
  for (const { item, quantity } of held) await putBack(items, item, quantity);
  await note(needs, transaction, orderId, "release", held);
}

/** Notes in the ledger what was done for an order. The rows' ids begin alike. */
async function note(
  needs: ServiceNeeds<ChoreographedInventoryTables> & LedgerNeeds,
  transaction: Kysely<ChoreographedInventoryTables>,
  orderId: string,
  kind: ReservationRow["kind"],
  lines: readonly OrderLine[],
): Promise<void> {
  const batch = needs.newId();
  const at = needs.nowUs();
  await transaction
    .insertInto("reservations")
    .values(
      lines.map(({ item, quantity }) => ({
        id: `${batch}/${item}`,
        order_id: orderId,
        item_id: item,
        kind,
        quantity,
        at,
      })),
    )
    .execute();
}

async function stockMessage(
  transaction: Kysely<ChoreographedInventoryTables>,
  orderId: string,
  type: string,
): Promise<OutgoingMessage> {
  const stream = `stock/${orderId}`;
  const streams = databasePart<StreamTables, ChoreographedInventoryTables>(transaction);
  const sequence = await nextSequence(streams, stream);
  return { topic: orderTopics.stock, message: eventMessage(stream, sequence, type, { orderId }) };
}
