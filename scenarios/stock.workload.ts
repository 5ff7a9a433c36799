import * as fc from "fast-check";
import { fieldOf } from "../checkers/history/json-value.ts";
import type { Json } from "../checkers/history/operation.ts";
import type { Invocation, Outcome } from "../harness/run/outcome.ts";
import type { Client, Session, Workload } from "../harness/run/scenario.ts";
import { inventoryNodes } from "../reference-impl/systems/inventory.system.ts";
import { badRequest, badRequestName } from "./bad-request.ts";
import { readOutcome, send, sendUntilDecided, writeOutcome } from "./http-outcome.ts";
import { nextRequestKey } from "./request-key.ts";

/** One operation on an item. */
export type StockCall =
  | { readonly do: "read"; readonly item: number }
  /** Asks for an item under an id that cannot be one. */
  | { readonly do: "ask-badly" }
  | { readonly do: "create"; readonly item: number; readonly stock: number }
  | {
      readonly do: "reserve" | "release" | "ship" | "restock";
      readonly item: number;
      readonly quantity: number;
    };

const routes: Readonly<Record<string, string>> = {
  reserve: "reservations",
  release: "releases",
  ship: "shipments",
  restock: "restocks",
};

/** The service that counts the pieces, and how it is spoken to. */
export interface StockPlace {
  readonly service: string;
  /** First part of the address of an item. */
  readonly path: string;
  /** The id of item 0, 1, … at that service. */
  idOf(item: number): string;
  /** A text that is no id there. */
  readonly noId?: string;
  /** What a new item has besides id, stock and request key. */
  readonly newItem: Readonly<Record<string, Json>>;
}

const inventoryPlace: StockPlace = {
  service: inventoryNodes.service,
  path: "items",
  idOf: (item) => `item-${item}`,
  newItem: {},
};

const items = 2;
const everyItem = Array.from({ length: items }, (_, item) => item);
const firstStock = 6;

/**
 * Clients reserve pieces of two items that are short in stock, release or ship what they themselves
 * reserved, and restock now and then. A client whose connection breaks asks once more, with the same
 * request key, as a user does who presses the button again.
 */
export function stockWorkload(
  callTimeoutMs: number,
  place: StockPlace = inventoryPlace,
): Workload<StockCall> {
  const item = fc.nat(items - 1);
  const quantity = fc.integer({ min: 1, max: 4 });
  const movement = <Name extends "reserve" | "release" | "ship" | "restock">(name: Name) =>
    fc.record({ do: fc.constant(name), item, quantity });
  return {
    clients: { min: 3, max: 4 },
    operationsPerClient: { min: 6, max: 10 },
    thinkMsMax: 2,
    call: fc.oneof(
      { arbitrary: fc.record({ do: fc.constant("read" as const), item }), weight: 2 },
      { arbitrary: movement("reserve"), weight: 5 },
      { arbitrary: movement("release"), weight: 2 },
      { arbitrary: movement("ship"), weight: 2 },
      { arbitrary: movement("restock"), weight: 1 },
      ...(place.noId === undefined
        ? []
        : [{ arbitrary: fc.constant({ do: "ask-badly" as const }), weight: 1 }]),
    ),
    preparation: everyItem.map((number) => ({ do: "create", item: number, stock: firstStock })),
    idle: () => ({ do: "restock", item: 0, quantity: 1 }),
    finalReads: () => everyItem.map((number) => ({ do: "read", item: number })),
    invocation: (call, session) =>
      call.do === "ask-badly"
        ? badRequest("an id that is none", place.service)
        : stockInvocation(call, session, place.service),
    perform: (invocation, client) => perform(invocation, client, callTimeoutMs, place),
  };
}

function stockInvocation(
  call: Exclude<StockCall, { readonly do: "ask-badly" }>,
  session: Session,
  node: string,
): Invocation {
  const key = `item/${call.item}`;
  if (call.do === "read") return { f: "read", key, node };
  if (call.do === "create") return { f: "create", key, node, value: { stock: call.stock } };
  if (call.do === "reserve" || call.do === "restock") {
    return { f: call.do, key, node, value: { quantity: call.quantity } };
  }
  // Only what this client reserved is its own to release or to ship.
  const quantity = Math.min(call.quantity, held(session, key));
  if (quantity === 0) return { f: "read", key, node };
  return { f: call.do, key, node, value: { quantity } };
}

async function perform(
  invocation: Invocation,
  client: Client,
  callTimeoutMs: number,
  { service, path, idOf, newItem, noId = "" }: StockPlace,
): Promise<Outcome> {
  const { f, key = "", value = null } = invocation;
  const id = idOf(Number(key.slice("item/".length)));
  const url = `http://${service}/${path}`;
  const signal = client.clock.timeoutSignal(callTimeoutMs);
  if (f === badRequestName)
    return writeOutcome(await send(client, { method: "GET", url: `${url}/${noId}`, signal }), () => null);
  if (f === "read")
    return readOutcome(await send(client, { method: "GET", url: `${url}/${id}`, signal }), amounts);
  const requestKey = nextRequestKey(client);
  if (f === "create") {
    const body = { id, ...newItem, stock: fieldOf(value, "stock") ?? null, requestKey };
    return writeOutcome(await sendUntilDecided(client, { method: "POST", url, body, signal }), () => value);
  }
  const quantity = fieldOf(value, "quantity");
  const pieces = typeof quantity === "number" ? quantity : 0;
  // Released or shipped pieces are given away before the answer comes: they may be gone even without one.
  if (f === "release" || f === "ship") client.session.set(heldName(key), held(client.session, key) - pieces);
  const body = { quantity: pieces, requestKey };
  const exchange = await sendUntilDecided(client, {
    method: "POST",
    url: `${url}/${id}/${routes[f]}`,
    body,
    signal,
  });
  const outcome = writeOutcome(exchange, () => value);
  const gained =
    (f === "reserve" && outcome.type === "ok") ||
    (f !== "reserve" && f !== "restock" && outcome.type === "fail");
  if (gained) client.session.set(heldName(key), held(client.session, key) + pieces);
  return outcome;
}

/** What an item holds, as the history shows it. */
function amounts(body: Json): Json {
  return {
    stock: fieldOf(body, "stock") ?? null,
    reserved: fieldOf(body, "reserved") ?? null,
    shipped: fieldOf(body, "shipped") ?? null,
  };
}

function heldName(key: string): string {
  return `held of ${key}`;
}

/** How many pieces the client knows to be reserved for it. */
function held(session: Session, key: string): number {
  const pieces = session.get(heldName(key));
  return typeof pieces === "number" ? pieces : 0;
}
