import * as fc from "fast-check";
import { fieldOf } from "../checkers/history/json-value.ts";
import type { Json } from "../checkers/history/operation.ts";
import type { Invocation, Outcome } from "../harness/run/outcome.ts";
import type { Client, Workload } from "../harness/run/scenario.ts";
import { storefrontNodes as nodes } from "../reference-impl/systems/storefront.system.ts";
import { readOutcome, send, sendUntilDecided, writeOutcome } from "./http-outcome.ts";
import { nextRequestKey } from "./request-key.ts";

/** One operation on a product: prices are changed at the product service, and looked at in the storefront. */
export type CachedProductCall =
  | { readonly do: "create" | "price"; readonly product: number; readonly price: number }
  | { readonly do: "look"; readonly product: number };

// Several, so that what one message of a product missed is not made good by the next.
const everyProduct = [0, 1, 2, 3] as const;
const priceMax = 1_000_000;

/** Clients change the prices of four products that all of them share, and look at them in the storefront. */
export function cachedProductsWorkload(callTimeoutMs: number): Workload<CachedProductCall> {
  const product = fc.constantFrom(...everyProduct);
  const price = fc.integer({ min: 1000, max: priceMax - 1 });
  return {
    clients: { min: 3, max: 4 },
    operationsPerClient: { min: 8, max: 12 },
    thinkMsMax: 40,
    call: fc.oneof(
      { arbitrary: fc.record({ do: fc.constant("price" as const), product, price }), weight: 3 },
      { arbitrary: fc.record({ do: fc.constant("look" as const), product }), weight: 3 },
    ),
    preparation: everyProduct.flatMap((number) => [
      { do: "create" as const, product: number, price: priceMax },
      { do: "look" as const, product: number },
    ]),
    idle: (client, round) =>
      round % 2 === 1
        ? { do: "look", product: 0 }
        : { do: "price", product: 0, price: (client * 200 + round) % 1000 },
    // What is not in the cache comes into it now: so the end shows every entry.
    finalReads: () => everyProduct.map((number) => ({ do: "look", product: number })),
    invocation,
    perform: (asked, client) => perform(asked, client, callTimeoutMs),
  };
}

function invocation(call: CachedProductCall): Invocation {
  const key = `product/product-${call.product}`;
  if (call.do === "look") return { f: "read", key, node: nodes.storefront };
  const f = call.do === "create" ? "create" : "update";
  return { f, key, node: nodes.product, value: { value: call.price } };
}

async function perform(asked: Invocation, client: Client, callTimeoutMs: number): Promise<Outcome> {
  const { f, key = "", node, value = null } = asked;
  const id = key.slice("product/".length);
  const url = `http://${node}/products`;
  const signal = client.clock.timeoutSignal(callTimeoutMs);
  if (f === "read") {
    return readOutcome(await send(client, { method: "GET", url: `${url}/${id}`, signal }), shown);
  }
  const price = fieldOf(value, "value") ?? 0;
  const requestKey = nextRequestKey(client);
  const request =
    f === "create"
      ? {
          method: "POST" as const,
          url,
          body: { id, name: id, category: "all", price, requestKey },
        }
      : { method: "PUT" as const, url: `${url}/${id}/price`, body: { price, requestKey } };
  return writeOutcome(await sendUntilDecided(client, { ...request, signal }), shown);
}

/** A product as the history shows it. */
function shown(body: Json): Json {
  return { version: fieldOf(body, "version") ?? null, value: fieldOf(body, "price") ?? null };
}
