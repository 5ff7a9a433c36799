import { fieldOf } from "../checkers/history/json-value.ts";
import type { Json } from "../checkers/history/operation.ts";
import type { InspectedRecord } from "../harness/run/scenario.ts";
import type { StoreClients } from "../harness/run/system.ts";
import type { ConsumerTables } from "../reference-impl/patterns/idempotent-consumer.ts";
import type { NoticeTables } from "../reference-impl/services/notification/notices/notice-tables.ts";
import type { ChoreographedOrderTables } from "../reference-impl/services/order/choreography/choreographed-order-tables.ts";
import { announcedOrderNodes } from "../reference-impl/systems/announced-orders.system.ts";
import { readTopic } from "./read-topic.ts";

const nodes = announcedOrderNodes;

/**
 * What became of every message: `committed` by the versions of the orders, whether or not there is an
 * outbox; `published` by the topic; `handled` by the notices; `parked` by what was set aside.
 */
export async function inspectDeliveries(stores: StoreClients): Promise<readonly InspectedRecord[]> {
  const published = await inspectTopic(stores);
  const poison = new Set(published.filter(({ contact }) => !contact.includes("@")).map(({ id }) => id));
  return [
    ...(await inspectOrders(stores, poison)),
    ...published.map(({ key, id }) => ({ f: "published", key, node: nodes.bus, value: { message: id } })),
    ...(await inspectNotices(stores)),
  ];
}

async function inspectOrders(stores: StoreClients, poison: ReadonlySet<string>): Promise<InspectedRecord[]> {
  const database = stores.postgres<ChoreographedOrderTables>(nodes.orderStore);
  const orders = await database.selectFrom("orders").select(["id", "version"]).orderBy("id").execute();
  await database.destroy();
  return orders.flatMap(({ id, version }) =>
    Array.from({ length: version }, (_, at) => {
      const key = `order/${id}`;
      const message = `${key}#${at + 1}`;
      const value = { message, sequence: at + 1, ...(poison.has(message) ? { poison: true } : {}) };
      return { f: "committed", key, node: nodes.order, value };
    }),
  );
}

interface PublishedMessage {
  readonly key: string;
  readonly id: string;
  readonly contact: string;
}

async function inspectTopic(stores: StoreClients): Promise<readonly PublishedMessage[]> {
  const messages = await readTopic(stores, nodes.bus, nodes.topic);
  return messages.map(({ key, value }) => {
    const message = JSON.parse(value) as Json;
    const contact = fieldOf(fieldOf(message, "body"), "contact");
    return { key, id: String(fieldOf(message, "id")), contact: typeof contact === "string" ? contact : "" };
  });
}

/** What became of messages at the notification service: `handled` by the notices, `parked` by what was set aside. */
export async function inspectNotices(stores: StoreClients): Promise<readonly InspectedRecord[]> {
  const database = stores.postgres<NoticeTables & ConsumerTables>(nodes.notificationStore);
  const notices = await database
    .selectFrom("notices")
    .select(["stream", "message_id"])
    .orderBy("position")
    .execute();
  const parked = await database
    .selectFrom("parked_messages")
    .select(["stream", "message_id"])
    .orderBy("position")
    .execute();
  await database.destroy();
  const record = (f: string) => (row: { readonly stream: string; readonly message_id: string }) => ({
    f,
    key: row.stream,
    node: nodes.notification,
    value: { message: row.message_id },
  });
  return [...notices.map(record("handled")), ...parked.map(record("parked"))];
}
