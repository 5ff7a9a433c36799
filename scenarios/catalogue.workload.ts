import * as fc from "fast-check";
import { fieldOf } from "../checkers/history/json-value.ts";
import type { Json } from "../checkers/history/operation.ts";
import type { Invocation, Outcome } from "../harness/run/outcome.ts";
import type { Client, Workload } from "../harness/run/scenario.ts";
import { catalogueNodes } from "../reference-impl/systems/catalogue.system.ts";
import { badRequest, badRequestName } from "./bad-request.ts";
import { readOutcome, send, sendUntilDecided, writeOutcome } from "./http-outcome.ts";
import { askMessages } from "./message-quiet.ts";
import { nextRequestKey } from "./request-key.ts";
import { uniqueValue } from "./unique-value.ts";

/** One operation on the catalogue: `product` is the last part of an id, `list` the name of a list. */
export type CatalogueCall =
  | { readonly do: "create"; readonly product: string; readonly words: number; readonly category: string }
  | { readonly do: "price"; readonly product: string; readonly price: number }
  | { readonly do: "read"; readonly product: string }
  | { readonly do: "list"; readonly list: string }
  | { readonly do: "rebuild" }
  /** Another price for a product that nobody ever creates. */
  | { readonly do: "price-unknown"; readonly price: number };

const nodes = catalogueNodes;
/** In the midst of the ids that are drawn, so that a list by id is not one by age. */
const shared = ["m0", "m1", "m2"] as const;
/** Created while others already ask for another price. */
const late = ["late-0", "late-1", "late-2"] as const;
const categories = ["pens", "paper"] as const;
const names = ["Red Ink", "Blue Ink", "Red Paper"] as const;
/** More products than a run has. */
const all = 100;
/** Fewer than there are before the load. */
const few = 2;
const lists = [
  ...categories.map((category) => `category/${category}/${all}`),
  ...["red", "blue", "ink", "paper"].map((word) => `search/${word}/${all}`),
  ...["red", "ink"].map((word) => `search/${word}/${few}`),
];
const priceMax = 1_000_000;

/**
 * Clients create products, give new prices to three that all of them share and to some that are only just being created,
 * look at these and at lists, some of them cut short, and have the read models built anew now and then. Seldom somebody gives
 * a price to a product that there never is. Prices differ, so that a price tells after which change it was read.
 */
export function catalogueWorkload(callTimeoutMs: number): Workload<CatalogueCall> {
  const product = fc.constantFrom(...shared);
  const lateProduct = fc.constantFrom(...late);
  const price = fc.noShrink(fc.integer({ min: 1000, max: priceMax - 1 }));
  const change = fc.record({ do: fc.constant("price" as const), product, price });
  const create = fc.record({
    do: fc.constant("create" as const),
    product: uniqueValue(),
    words: fc.nat(names.length - 1),
    category: fc.constantFrom(...categories),
  });
  return {
    clients: { min: 3, max: 4 },
    operationsPerClient: { min: 6, max: 9 },
    thinkMsMax: 30,
    call: fc.oneof(
      { arbitrary: change, weight: 9 },
      { arbitrary: create, weight: 2 },
      { arbitrary: lateProduct.map(creationOf), weight: 2 },
      {
        arbitrary: fc.record({ do: fc.constant("price" as const), product: lateProduct, price }),
        weight: 4,
      },
      { arbitrary: fc.record({ do: fc.constant("price-unknown" as const), price }), weight: 1 },
      { arbitrary: fc.record({ do: fc.constant("read" as const), product }), weight: 4 },
      {
        arbitrary: fc.record({ do: fc.constant("list" as const), list: fc.constantFrom(...lists) }),
        weight: 2,
      },
      { arbitrary: fc.constant({ do: "rebuild" as const }), weight: 1 },
    ),
    preparation: shared.map(creationOf),
    // Below all drawn prices, so it is none of theirs.
    idle: (client, round) =>
      round % 4 === 3
        ? { do: "read", product: shared[0] }
        : { do: "price", product: shared[0], price: (client * 200 + round) % 1000 },
    finalReads: () => [
      ...[...shared, ...late].map((number) => ({ do: "read" as const, product: number })),
      ...lists.map((list) => ({ do: "list" as const, list })),
    ],
    isQuiet,
    invocation,
    perform: (asked, client) => perform(asked, client, callTimeoutMs),
  };
}

/** What is created under an id that all know is the same, whoever creates it. */
function creationOf(product: string) {
  const at = Number(product.slice(-1));
  return {
    do: "create" as const,
    product,
    words: at % names.length,
    category: categories[at % categories.length] ?? "",
  };
}

/** How many products the list of that name shows at most. */
export function limitOfList(list: string): number {
  return Number(list.split("/")[2]);
}

/** Lists are by id. */
export function orderOfLists(first: string, second: string): number {
  return first < second ? -1 : 1;
}

/** Does an entry of the catalogue belong into a list of that name? */
export function belongsToList(list: string, _entity: string, state: Json): boolean {
  const [kind = "", wanted = ""] = list.split("/");
  if (kind === "category") return fieldOf(state, "category") === wanted;
  return String(fieldOf(state, "name")).toLowerCase().split(" ").includes(wanted);
}

/** Everything that was announced is on the bus and in the read models, and no rebuild is under way. */
async function isQuiet(client: Client): Promise<boolean> {
  const product = await askMessages(client, nodes.product);
  if (product === null || product.unpublished > 0) return false;
  const query = await askMessages(client, nodes.query);
  if (query === null || query.handled !== product.announced) return false;
  const signal = client.clock.timeoutSignal(500);
  const rebuilds = await send(client, { method: "GET", url: `http://${nodes.query}/rebuilds`, signal });
  return rebuilds.kind === "answered" && (fieldOf(rebuilds.body, "building") ?? null) === null;
}

function invocation(call: CatalogueCall): Invocation {
  if (call.do === "price-unknown")
    return { ...badRequest("a product that there is not", nodes.product), value: { price: call.price } };
  if (call.do === "rebuild") return { f: "rebuild", node: nodes.query };
  if (call.do === "list") return { f: "list", key: call.list, node: nodes.query };
  const key = `product/product-${call.product}`;
  if (call.do === "read") return { f: "read", key, node: nodes.query };
  if (call.do === "price")
    return { f: "change-price", key, node: nodes.product, value: { price: call.price } };
  const name = names[call.words] ?? names[0];
  return { f: "create", key, node: nodes.product, value: { name, category: call.category, price: priceMax } };
}

async function perform(asked: Invocation, client: Client, callTimeoutMs: number): Promise<Outcome> {
  const { f, key = "", value = null } = asked;
  const signal = client.clock.timeoutSignal(callTimeoutMs);
  const get = (path: string) => send(client, { method: "GET", url: `http://${nodes.query}/${path}`, signal });
  const id = key.slice("product/".length);
  switch (f) {
    case "read":
      return readOutcome(await get(`products/${id}`), entryOf);
    case "list":
      return readOutcome(await get(listPath(key)), listedOf);
    case "rebuild":
      return writeOutcome(
        await send(client, { method: "POST", url: `http://${nodes.query}/rebuilds`, body: {}, signal }),
        () => null,
      );
    case badRequestName: {
      const url = `http://${nodes.product}/products/nowhere/price`;
      const body = { ...(value as object), requestKey: nextRequestKey(client) };
      return writeOutcome(await send(client, { method: "PUT", url, body, signal }), () => value);
    }
    default: {
      const url = `http://${nodes.product}/products`;
      const requestKey = nextRequestKey(client);
      const request =
        f === "create"
          ? { method: "POST" as const, url, body: { id, ...(value as object), requestKey } }
          : { method: "PUT" as const, url: `${url}/${id}/price`, body: { ...(value as object), requestKey } };
      return writeOutcome(await sendUntilDecided(client, { ...request, signal }), () => value);
    }
  }
}

function listPath(list: string): string {
  const [kind = "", name = "", limit = ""] = list.split("/");
  return kind === "category" ? `categories/${name}?limit=${limit}` : `search?word=${name}&limit=${limit}`;
}

/** A product as the history shows it. */
function entryOf(body: Json): Json {
  const fields = ["name", "category", "price", "priceChanges"];
  return Object.fromEntries(fields.map((field) => [field, fieldOf(body, field) ?? null]));
}

/** The entities of a list, in its order. */
function listedOf(body: Json): Json {
  const products = fieldOf(body, "products");
  if (!Array.isArray(products)) return [];
  return (products as readonly Json[]).map((product) => `product/${String(fieldOf(product, "id"))}`);
}
