import * as fc from "fast-check";
import { fieldOf } from "../checkers/history/json-value.ts";
import type { Json } from "../checkers/history/operation.ts";
import type { Client, Workload } from "../harness/run/scenario.ts";
import { shopNodes } from "../reference-impl/systems/shop.system.ts";
import { catalogueWorkload } from "./catalogue.workload.ts";
import { type CombinedCall, combinedWorkload, workloadPart } from "./combined-workload.ts";
import { readOutcome, send } from "./http-outcome.ts";
import { askMessages } from "./message-quiet.ts";
import { type OrderCall, orderSagaWorkload } from "./order-saga.workload.ts";
import { profilesWorkload } from "./profiles.workload.ts";
import { withSessionToken } from "./session-token-client.ts";
import { type ProfileCall, versionedProfileWorkload } from "./versioned-profile.workload.ts";

const nodes = shopNodes;
const users = 3;
const items = 3;

/** A look at what another service shows. */
type LookCall = { readonly do: "look"; readonly number: number };

/**
 * The clients of the whole shop: they sign up, change profiles and read them at the replica with their session's token,
 * look at the profiles that the recommendation service knows, create products and change prices, look at the
 * catalogue, order, and look at items in stock.
 */
export function wholeShopWorkload(callTimeoutMs: number): Workload<CombinedCall> {
  return combinedWorkload(
    {
      // First, so that the first order is processed while the others are prepared: then there is one to judge.
      stock: workloadPart(stockPart(callTimeoutMs), 1, [nodes.inventory]),
      orders: workloadPart(orderPart(callTimeoutMs), 3, [nodes.saga, nodes.order]),
      users: workloadPart(userPart(callTimeoutMs), 6, [nodes.user]),
      profiles: workloadPart(profilePart(callTimeoutMs), 1, [nodes.recommendation]),
      catalogue: workloadPart(catalogueWorkload(callTimeoutMs), 4, [nodes.product, nodes.query]),
    },
    { clients: { min: 3, max: 4 }, operationsPerClient: { min: 8, max: 12 }, thinkMsMax: 8 },
  );
}

/** Profiles at the user service, under the keys that its messages bear. One user signs up during the load. */
function userPart(callTimeoutMs: number): Workload<ProfileCall> {
  const profiles = versionedProfileWorkload({ users, prepared: users - 1, callTimeoutMs });
  const user = fc.nat(users - 1);
  return {
    ...profiles,
    call: fc.oneof(
      { arbitrary: fc.record({ do: fc.constant("read" as const), user }), weight: 1 },
      { arbitrary: profiles.call, weight: 1 },
    ),
    // So that the order of a session's writes is examined, however many conflicts there are.
    preparation: [...profiles.preparation, { do: "update", user: 0, name: "second" }],
    // Some faults bite at the primary only, some at the replica.
    idle: (client, round) => (round % 2 === 0 ? { do: "read", user: 0 } : profiles.idle(client, round)),
    // Twice, so that there is a later read whatever came.
    finalReads: (plan) => [...profiles.finalReads(plan), ...profiles.finalReads(plan)],
    invocation: (call, session) => {
      const asked = profiles.invocation(call, session);
      return { ...asked, key: `user/user-${call.user}` };
    },
    perform: (asked, client) => {
      const key = (asked.key ?? "").replace("user/user-", "user/");
      return profiles.perform({ ...asked, key }, withSessionToken(client));
    },
  };
}

/** Looks at what the recommendation service knows of users. */
function profilePart(callTimeoutMs: number): Workload<LookCall> {
  const { isQuiet, perform } = profilesWorkload(callTimeoutMs);
  return {
    ...lookers(users),
    ...(isQuiet === undefined ? {} : { isQuiet }),
    invocation: ({ number }) => ({ f: "look", key: `user/user-${number}`, node: nodes.recommendation }),
    perform: (asked, client) => perform({ ...asked, f: "read" }, client),
  };
}

/** Orders by sagas; it is quiet once they have ended and all notices are written. */
function orderPart(callTimeoutMs: number): Workload<OrderCall> {
  const orders = orderSagaWorkload(callTimeoutMs);
  return {
    ...orders,
    preparation: orders.preparation.filter((call) => call.do !== "stock"),
    isQuiet: async (client) => {
      if (orders.isQuiet !== undefined && !(await orders.isQuiet(client))) return false;
      const order = await askMessages(client, nodes.order);
      if (order === null || order.unpublished > 0) return false;
      const notification = await askMessages(client, nodes.notification);
      return notification !== null && notification.handled === order.announced;
    },
  };
}

/** A call of the stock part. */
type StockCall =
  | { readonly do: "create"; readonly number: number; readonly stock: number }
  | { readonly do: "look" | "look-at-end"; readonly number: number };

/** Creates the items that orders are about, and looks at them. */
function stockPart(callTimeoutMs: number): Workload<StockCall> {
  const orders = orderSagaWorkload(callTimeoutMs);
  const looks = lookers(items);
  const node = nodes.inventory;
  return {
    ...looks,
    preparation: orders.preparation.flatMap((call) =>
      call.do === "stock" ? [{ do: "create" as const, number: call.item, stock: call.quantity }] : [],
    ),
    finalReads: () => everyNumber(items).map((number) => ({ do: "look-at-end", number })),
    invocation: (call) => {
      const key = `item/${call.number}`;
      if (call.do === "create") return { f: "create", key, node, value: { stock: call.stock } };
      // Under a key of its own: the moves between the first read and the last are not in the history.
      return { f: "read", key: call.do === "look" ? key : `${key}-at-end`, node };
    },
    perform: async (asked, client) => {
      const { f, key = "", value = null } = asked;
      if (f === "create") {
        const quantity = fieldOf(value, "stock") ?? 0;
        const outcome = await orders.perform({ ...asked, f: "stock", value: { quantity } }, client);
        return outcome.type === "ok" ? { ...outcome, value } : outcome;
      }
      const url = `http://${node}/items/item-${key.replace(/^item\//, "").replace(/-at-end$/, "")}`;
      return readOutcome(await send(client, { method: "GET", url, signal: signalOf(client) }), amounts);
    },
  };

  function signalOf(client: Client): AbortSignal {
    return client.clock.timeoutSignal(callTimeoutMs);
  }
}

/** What an item holds, as the history shows it. */
function amounts(body: Json): Json {
  return Object.fromEntries(
    ["stock", "reserved", "shipped"].map((field) => [field, fieldOf(body, field) ?? null]),
  );
}

/** Clients that look at one of so many things, and at all of them in the end. */
function lookers(count: number): Omit<Workload<LookCall>, "invocation" | "perform"> {
  const look = (number: number) => ({ do: "look" as const, number });
  return {
    clients: { min: 1, max: 1 },
    operationsPerClient: { min: 1, max: 1 },
    thinkMsMax: 0,
    call: fc.nat(count - 1).map(look),
    preparation: [],
    idle: () => look(0),
    finalReads: () => everyNumber(count).map(look),
  };
}

function everyNumber(count: number): readonly number[] {
  return Array.from({ length: count }, (_, number) => number);
}
