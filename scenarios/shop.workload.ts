import * as fc from "fast-check";
import { fieldOf } from "../checkers/history/json-value.ts";
import type { Json } from "../checkers/history/operation.ts";
import type { Invocation, Outcome } from "../harness/run/outcome.ts";
import type { Client, Workload } from "../harness/run/scenario.ts";
import { choreographyNodes } from "../reference-impl/systems/choreography.system.ts";
import { readOutcome, send, sendUntilDecided, writeOutcome } from "./http-outcome.ts";
import { askMessages } from "./message-quiet.ts";
import { type OrderedLine, orderClient } from "./order-client.ts";
import { nextRequestKey } from "./request-key.ts";
import { idleValue, uniqueValue } from "./unique-value.ts";

/** One operation: place an order, or look at an item's amounts; create one before the load. */
export type ShopCall =
  | {
      readonly do: "place";
      readonly order: string;
      readonly lines: readonly { readonly item: number; readonly quantity: number }[];
      readonly amount: number;
      /** Does the client ask again when it does not learn the outcome? Yes unless given. */
      readonly again?: boolean;
    }
  | { readonly do: "create"; readonly item: number; readonly stock: number }
  | { readonly do: "read" | "read-at-end"; readonly item: number };

const nodes = choreographyNodes;
const items = 2;
const everyItem = Array.from({ length: items }, (_, item) => item);
/** Pieces of each item before any order. */
export const firstStock = 10;
const contact = "customer@example.org";

/**
 * Clients order pieces of two items that are short in stock, some in two lines of one item, some for more
 * than the payment service takes, and look at the items. Who does not learn what became of an order places it again,
 * or goes away. An order may end either way; which, is up to the services.
 */
export function shopWorkload(callTimeoutMs: number): Workload<ShopCall> {
  const item = fc.nat(items - 1);
  const line = fc.record({ item, quantity: fc.integer({ min: 1, max: 3 }) });
  const place = fc.record({
    do: fc.constant("place" as const),
    order: uniqueValue(),
    lines: fc.array(line, { minLength: 1, maxLength: 2, size: "max" }),
    amount: fc.integer({ min: 1, max: 600 }),
    again: fc.nat(2).map((number) => number === 0),
  });
  return {
    clients: { min: 3, max: 3 },
    operationsPerClient: { min: 4, max: 6 },
    thinkMsMax: 120,
    call: fc.oneof(
      { arbitrary: place, weight: 4 },
      { arbitrary: fc.record({ do: fc.constant("read" as const), item }), weight: 1 },
    ),
    preparation: [
      ...everyItem.map((item) => ({ do: "create" as const, item, stock: firstStock })),
      // So that there is an order to judge, also where the order service is away for all of the load.
      { do: "place", order: "first", lines: [{ item: 0, quantity: 1 }], amount: 1 },
    ],
    idle: (client, round) => ({
      do: "place",
      order: idleValue(client, round),
      lines: [{ item: 0, quantity: 1 }],
      amount: 1,
    }),
    finalReads: () => everyItem.map((number) => ({ do: "read-at-end", item: number })),
    isQuiet,
    invocation,
    perform: (asked, client) => perform(asked, client, callTimeoutMs),
  };
}

/** Everything that was announced is on the bus, and was handled by everybody whom it concerns. */
async function isQuiet(client: Client): Promise<boolean> {
  const order = await askMessages(client, nodes.order);
  if (order === null || order.unpublished > 0) return false;
  const payment = await askMessages(client, nodes.payment);
  if (payment === null || payment.unpublished > 0 || payment.handled !== order.announced) return false;
  const inventory = await askMessages(client, nodes.inventory);
  if (inventory === null || inventory.unpublished > 0 || inventory.handled !== order.announced) return false;
  return order.handled === payment.announced + inventory.announced;
}

function invocation(call: ShopCall): Invocation {
  if (call.do === "place") {
    const lines = call.lines.map(({ item, quantity }) => ({ item: itemId(item), quantity }));
    const value = { lines, amount: call.amount, again: call.again ?? true };
    return { f: "place", key: `order/order-${call.order}`, node: nodes.order, value };
  }
  const node = nodes.inventory;
  if (call.do === "create")
    return { f: "create", key: itemKey(call.item), node, value: { stock: call.stock } };
  // Under a key of its own: the moves between the first read and the last are not in the history.
  if (call.do === "read-at-end") return { f: "read", key: `${itemKey(call.item)}-at-end`, node };
  return { f: "read", key: itemKey(call.item), node };
}

async function perform(
  { f, key = "", value = null }: Invocation,
  client: Client,
  callTimeoutMs: number,
): Promise<Outcome> {
  const id = key.replace(/^[a-z]+\//, "").replace(/-at-end$/, "");
  if (f === "place") return await place(client, id, value, callTimeoutMs);
  const url = `http://${nodes.inventory}/items`;
  const signal = client.clock.timeoutSignal(callTimeoutMs);
  if (f === "read") {
    return readOutcome(await send(client, { method: "GET", url: `${url}/${id}`, signal }), amounts);
  }
  const body = { id, stock: fieldOf(value, "stock") ?? null, requestKey: nextRequestKey(client) };
  return writeOutcome(await sendUntilDecided(client, { method: "POST", url, body, signal }), () => value);
}

async function place(client: Client, id: string, value: Json, callTimeoutMs: number): Promise<Outcome> {
  // What the invocation holds is what `invocation` put there.
  const { lines, amount, again } = value as {
    readonly lines: readonly OrderedLine[];
    readonly amount: number;
    readonly again: boolean;
  };
  const service = orderClient(client, nodes.order, callTimeoutMs, again);
  return writeOutcome(await service.place({ id, contact, lines, amount }), () => value);
}

/** What an item holds, as the history shows it. */
function amounts(body: Json): Json {
  return {
    stock: fieldOf(body, "stock") ?? null,
    reserved: fieldOf(body, "reserved") ?? null,
    shipped: fieldOf(body, "shipped") ?? null,
  };
}

function itemId(item: number): string {
  return `item-${item}`;
}

function itemKey(item: number): string {
  return `item/${itemId(item)}`;
}
