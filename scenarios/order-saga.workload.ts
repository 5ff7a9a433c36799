import * as fc from "fast-check";
import { fieldOf } from "../checkers/history/json-value.ts";
import type { Json } from "../checkers/history/operation.ts";
import type { Invocation, Outcome } from "../harness/run/outcome.ts";
import type { Client, Session, Workload } from "../harness/run/scenario.ts";
import { orderSagaNodes } from "../reference-impl/systems/order-saga.system.ts";
import { readOutcome, send, sendUntilDecided, writeOutcome } from "./http-outcome.ts";
import { nextRequestKey } from "./request-key.ts";
import { idleValue, uniqueValue } from "./unique-value.ts";

/** A line of an order, as it is drawn. A type, since it must be JSON. */
type DrawnLine = { readonly item: number; readonly quantity: number; readonly price: number };

/** One operation of a customer. */
export type OrderCall =
  | { readonly do: "place"; readonly order: string; readonly lines: readonly DrawnLine[] }
  /** The order that the client placed last; before the first: this one. */
  | { readonly do: "look"; readonly order: string }
  | { readonly do: "read"; readonly order: string }
  | { readonly do: "stock"; readonly item: number; readonly quantity: number };

/** Items to choose from. The last one is there for idle orders, which always find enough of it. */
const items = 3;
const firstStock = 60;
const idleItem = items - 1;

const firstOrder = {
  do: "place" as const,
  order: "first",
  lines: [{ item: idleItem, quantity: 1, price: 10 }],
};

/**
 * Customers place orders, under ids that they choose, and look what became of them. Some orders must fail:
 * more than the bank takes, more than is in stock, more than a parcel holds. A customer whose connection
 * breaks places the same order once more.
 */
export function orderSagaWorkload(callTimeoutMs: number): Workload<OrderCall> {
  const line = fc.record({
    item: fc.nat(items - 2),
    quantity: fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 10 })),
    price: fc.constantFrom(10, 40, 90, 160),
  });
  const place = fc.record({
    do: fc.constant("place" as const),
    order: uniqueValue(),
    lines: fc.array(line, { minLength: 1, maxLength: 2, size: "max" }),
  });
  /** Paid for, and then refused since it does not fit into a parcel: two steps are to be undone. */
  const bulky = fc.record({
    do: fc.constant("place" as const),
    order: uniqueValue(),
    lines: fc.tuple(
      fc.record({ item: fc.nat(items - 2), quantity: fc.constantFrom(9, 10), price: fc.constant(10) }),
    ),
  });
  const look = fc.record({ do: fc.constant("look" as const), order: uniqueValue() });
  return {
    clients: { min: 3, max: 4 },
    operationsPerClient: { min: 2, max: 4 },
    thinkMsMax: 20,
    call: fc.oneof(
      { arbitrary: place, weight: 3 },
      { arbitrary: bulky, weight: 3 },
      { arbitrary: look, weight: 1 },
    ),
    preparation: [
      ...Array.from({ length: items }, (_, item) => {
        return { do: "stock" as const, item, quantity: firstStockOf(itemId(item)) };
      }),
      // So that there is an order to judge where a fault keeps all clients out.
      firstOrder,
    ],
    // One client's orders reach every edge; those of all would only make the run longer.
    idle: (client, round) =>
      client === 0
        ? {
            do: "place",
            order: idleValue(client, round),
            lines: [{ item: idleItem, quantity: 1, price: 10 }],
          }
        : { do: "look", order: idleValue(client, round) },
    finalReads: (plan) =>
      [{ call: firstOrder }, ...plan.clients.flat()].flatMap(({ call }) => {
        const order = fieldOf(call, "do") === "place" ? fieldOf(call, "order") : undefined;
        return typeof order === "string" ? [{ do: "read" as const, order }] : [];
      }),
    isQuiet,
    invocation: orderInvocation,
    perform: (invocation, client) => perform(invocation, client, callTimeoutMs),
  };
}

async function isQuiet(client: Client): Promise<boolean> {
  const response = await client.fetch(`http://${orderSagaNodes.saga}/pending`);
  return response.status === 200 && fieldOf((await response.json()) as Json, "pending") === 0;
}

function orderInvocation(call: OrderCall, session: Session): Invocation {
  if (call.do === "stock") {
    return {
      f: "stock",
      key: `item/${call.item}`,
      node: orderSagaNodes.inventory,
      value: { quantity: call.quantity },
    };
  }
  if (call.do === "place") {
    const lines = call.lines.map(({ item, quantity, price }) => ({ item, quantity, price }));
    return { f: "place", key: `order/${call.order}`, node: orderSagaNodes.saga, value: lines };
  }
  const last = call.do === "look" ? session.get(lastOrder) : undefined;
  const key = typeof last === "string" ? last : `order/${call.order}`;
  return { f: "read", key, node: orderSagaNodes.order };
}

async function perform(invocation: Invocation, client: Client, callTimeoutMs: number): Promise<Outcome> {
  const { f, key = "", value = null, node } = invocation;
  const id = key.slice(key.indexOf("/") + 1);
  const signal = client.clock.timeoutSignal(callTimeoutMs);
  if (f === "read") {
    const url = `http://${node}/orders/${id}`;
    return readOutcome(await send(client, { method: "GET", url, signal }), shownState);
  }
  if (f === "stock") {
    const body = {
      id: itemId(Number(id)),
      stock: fieldOf(value, "quantity") ?? 0,
      requestKey: nextRequestKey(client),
    };
    const url = `http://${node}/items`;
    return writeOutcome(await sendUntilDecided(client, { method: "POST", url, body, signal }), () => value);
  }
  client.session.set(lastOrder, key);
  const lines = Array.isArray(value) ? (value as readonly Json[]) : [];
  const body = {
    orderId: id,
    customerId: `customer-${client.number}`,
    items: lines.map((line) => ({
      itemId: itemId(Number(fieldOf(line, "item"))),
      quantity: fieldOf(line, "quantity") ?? 0,
      price: fieldOf(line, "price") ?? 0,
    })),
  };
  const url = `http://${node}/orders`;
  return writeOutcome(await sendUntilDecided(client, { method: "POST", url, body, signal }), shownState);
}

/** What a customer sees of an order. */
function shownState(body: Json): Json {
  return fieldOf(body, "state") ?? null;
}

/** Pieces of an item before any order. */
export function firstStockOf(item: string): number {
  return item === itemId(idleItem) ? 10_000 : firstStock;
}

function itemId(item: number): string {
  return `item-${item}`;
}

/** Where a client keeps the key of the order that it placed last. */
const lastOrder = "last order";
