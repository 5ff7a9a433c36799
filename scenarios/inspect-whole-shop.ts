import type { InspectedRecord } from "../harness/run/scenario.ts";
import type { StoreClients } from "../harness/run/system.ts";
import { decodeMessage } from "../reference-impl/patterns/event-message.ts";
import { orderTopic } from "../reference-impl/services/order/announcing/order-message.ts";
import type { OrderTables } from "../reference-impl/services/order/order-tables.ts";
import { shopNodes } from "../reference-impl/systems/shop.system.ts";
import { inspectCatalogue } from "./inspect-catalogue.ts";
import { inspectNotices } from "./inspect-deliveries.ts";
import { inspectOrderSagas } from "./inspect-order-sagas.ts";
import { inspectProfiles } from "./inspect-profiles.ts";
import { readTopic } from "./read-topic.ts";

const nodes = shopNodes;

/**
 * What the stores of all services hold in the end: what the scenarios of catalogue, profiles and order sagas look
 * at, since the nodes have the same names, and what became of the messages about orders.
 */
export async function inspectWholeShop(stores: StoreClients): Promise<readonly InspectedRecord[]> {
  return [
    ...(await inspectProfiles(stores)),
    ...(await inspectCatalogue(stores)),
    ...(await inspectOrderSagas(stores)),
    ...(await inspectOrderMessages(stores)),
    ...(await inspectNotices(stores)),
  ];
}

/** Messages about orders: `committed` by how the orders stand, whether or not there is an outbox, and `published`. */
async function inspectOrderMessages(stores: StoreClients): Promise<InspectedRecord[]> {
  const database = stores.postgres<OrderTables>(nodes.orderStore);
  const orders = await database.selectFrom("orders").select(["id", "state"]).orderBy("id").execute();
  await database.destroy();
  const committed = orders.flatMap(({ id, state }) =>
    (state === "PENDING" ? [1] : [1, 2]).map((sequence) => {
      const key = `order/${id}`;
      const value = { message: `${key}#${sequence}`, sequence };
      return { f: "committed", key, node: nodes.order, value };
    }),
  );
  const published = await readTopic(stores, nodes.bus, orderTopic);
  return [
    ...committed,
    ...published.map(({ key, value }) => {
      const message = decodeMessage(value).id;
      return { f: "published", key, node: nodes.bus, value: { message } };
    }),
  ];
}
