import * as fc from "fast-check";
import { fieldOf } from "../checkers/history/json-value.ts";
import type { Json } from "../checkers/history/operation.ts";
import type { Invocation, Outcome } from "../harness/run/outcome.ts";
import type { Client, Workload } from "../harness/run/scenario.ts";
import { announcedOrderNodes } from "../reference-impl/systems/announced-orders.system.ts";
import { readOutcome, writeOutcome } from "./http-outcome.ts";
import { askMessages } from "./message-quiet.ts";
import { orderClient } from "./order-client.ts";
import { idleValue, uniqueValue } from "./unique-value.ts";

/** One operation on an order: `order` is the last part of its id. */
export type AnnouncedOrderCall =
  | { readonly do: "place" | "change"; readonly order: string; readonly contact: string }
  | { readonly do: "look"; readonly order: string };

const shared = ["0", "1", "2"] as const;
const nodes = announcedOrderNodes;

/**
 * Clients place orders, and change the contact of three that all of them share, so that one order has many
 * messages and several requests at a time. Some contacts are no address: nobody can be sent a notice
 * there, which makes a poison message of the order's next one.
 */
export function announcedOrdersWorkload(callTimeoutMs: number): Workload<AnnouncedOrderCall> {
  const contact = fc.oneof(
    { arbitrary: uniqueValue().map((name) => `${name}@example.org`), weight: 9 },
    { arbitrary: fc.constant("nowhere"), weight: 1 },
  );
  const change = fc.record({
    do: fc.constant("change" as const),
    order: fc.constantFrom(...shared),
    contact,
  });
  const place = fc.record({ do: fc.constant("place" as const), order: uniqueValue(), contact });
  return {
    clients: { min: 3, max: 4 },
    operationsPerClient: { min: 5, max: 8 },
    thinkMsMax: 20,
    call: fc.oneof({ arbitrary: change, weight: 3 }, { arbitrary: place, weight: 1 }),
    preparation: shared.map((order) => ({ do: "place", order, contact: `first-${order}@example.org` })),
    idle: (client, round) => ({
      do: "change",
      order: shared[0],
      contact: `${idleValue(client, round)}@example.org`,
    }),
    finalReads: () => shared.map((order) => ({ do: "look", order })),
    isQuiet,
    invocation,
    perform: (asked, client) => perform(asked, client, callTimeoutMs),
  };
}

/** Everything that was announced is on the bus, and was handled or set aside. */
async function isQuiet(client: Client): Promise<boolean> {
  const order = await askMessages(client, nodes.order);
  if (order === null || order.unpublished > 0) return false;
  const notification = await askMessages(client, nodes.notification);
  return notification !== null && notification.handled === order.announced;
}

function invocation(call: AnnouncedOrderCall): Invocation {
  const key = `order/order-${call.order}`;
  const node = nodes.order;
  if (call.do === "look") return { f: "look", key, node };
  return { f: call.do, key, node, value: { contact: call.contact } };
}

async function perform(
  { f, key = "", value = null }: Invocation,
  client: Client,
  callTimeoutMs: number,
): Promise<Outcome> {
  const id = key.slice("order/".length);
  const service = orderClient(client, nodes.order, callTimeoutMs);
  if (f === "look") return readOutcome(await service.look(id), shown);
  const contact = fieldOf(value, "contact") ?? null;
  if (f === "change") return writeOutcome(await service.changeContact(id, contact), shown);
  const lines = [{ item: "pen", quantity: 1 }];
  return writeOutcome(await service.place({ id, contact: String(contact), lines, amount: 10 }), shown);
}

/** An order as the history shows it. */
function shown(body: Json): Json {
  return { version: fieldOf(body, "version") ?? null, contact: fieldOf(body, "contact") ?? null };
}
