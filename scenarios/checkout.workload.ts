import * as fc from "fast-check";
import { fieldOf } from "../checkers/history/json-value.ts";
import type { Json } from "../checkers/history/operation.ts";
import type { Invocation, Outcome } from "../harness/run/outcome.ts";
import type { Client, Workload } from "../harness/run/scenario.ts";
import { resilientCallNodes } from "../reference-impl/systems/resilient-calls.system.ts";
import { readOutcome, send, sendUntilDecided, writeOutcome } from "./http-outcome.ts";
import { idleValue, uniqueValue } from "./unique-value.ts";

/** One operation of a customer at the checkout. */
export type CheckoutCall =
  | { readonly do: "pay"; readonly order: string; readonly amount: number }
  | { readonly do: "read"; readonly order: string };

/**
 * Customers pay for orders, each for its own, and ask what is paid. Some amounts are refused. A customer
 * who does not learn the outcome pays for the same order once more.
 */
export function checkoutWorkload(callTimeoutMs: number): Workload<CheckoutCall> {
  const order = uniqueValue();
  const amount = fc.constantFrom(10, 250, 1000, 1001, 4000);
  return {
    clients: { min: 3, max: 4 },
    operationsPerClient: { min: 5, max: 8 },
    thinkMsMax: 20,
    call: fc.oneof(
      { arbitrary: fc.record({ do: fc.constant("pay" as const), order, amount }), weight: 4 },
      { arbitrary: fc.record({ do: fc.constant("read" as const), order }), weight: 1 },
    ),
    preparation: [],
    idle: (client, round) => ({ do: "pay", order: idleValue(client, round), amount: 10 }),
    finalReads: (plan) =>
      plan.clients.flat().flatMap(({ call }) => {
        const paidFor = fieldOf(call, "do") === "pay" ? fieldOf(call, "order") : undefined;
        return typeof paidFor === "string" ? [{ do: "read" as const, order: paidFor }] : [];
      }),
    invocation: (call) => {
      const at = { key: `payment/${call.order}`, node: resilientCallNodes.caller };
      return call.do === "pay" ? { f: "pay", ...at, value: { amount: call.amount } } : { f: "read", ...at };
    },
    perform: (invocation, client) => perform(invocation, client, callTimeoutMs),
  };
}

async function perform(invocation: Invocation, client: Client, callTimeoutMs: number): Promise<Outcome> {
  const { f, key = "", value = null, node } = invocation;
  const orderId = key.slice(key.indexOf("/") + 1);
  const signal = client.clock.timeoutSignal(callTimeoutMs);
  const url = `http://${node}/payments`;
  if (f === "read") {
    return readOutcome(await send(client, { method: "GET", url: `${url}/${orderId}`, signal }), shownPaid);
  }
  const body = { orderId, amount: fieldOf(value, "amount") ?? 0 };
  return writeOutcome(await sendUntilDecided(client, { method: "POST", url, body, signal }), () => value);
}

function shownPaid(body: Json): Json {
  return fieldOf(body, "paid") ?? null;
}
