import { fieldOf } from "../checkers/history/json-value.ts";
import type { Json } from "../checkers/history/operation.ts";
import type { InspectedRecord } from "../harness/run/scenario.ts";
import type { StoreClients } from "../harness/run/system.ts";
import {
  type ProductDocument,
  productCollection,
} from "../reference-impl/services/product/product-document.ts";
import { productStream } from "../reference-impl/services/product/product-events.ts";
import { cacheKeyOf } from "../reference-impl/services/storefront/storefront.service.ts";
import { storefrontNodes as nodes } from "../reference-impl/systems/storefront.system.ts";

/** What is stored of each product, and what the cache has of it. */
export async function inspectCachedProducts(stores: StoreClients): Promise<readonly InspectedRecord[]> {
  const products = await stores
    .mongodb(nodes.productStore)
    .collection<ProductDocument>(productCollection)
    .find({})
    .project<Pick<ProductDocument, "_id" | "version" | "price">>({ version: 1, price: 1 })
    .toArray();
  const cache = stores.redis(nodes.cache);
  await cache.connect();
  const records: InspectedRecord[] = [];
  for (const { _id, version, price } of products) {
    const key = productStream(_id);
    records.push({ f: "stored", key, node: nodes.productStore, value: { version, value: price } });
    const entry = await cache.get(cacheKeyOf(_id));
    records.push({ f: "cached", key, node: nodes.storefront, value: cachedState(entry) });
  }
  cache.destroy();
  return records;
}

function cachedState(entry: unknown): Json {
  if (typeof entry !== "string") return null;
  const { version, body } = JSON.parse(entry) as { readonly version: number; readonly body: string };
  return { version, value: fieldOf(JSON.parse(body) as Json, "price") ?? null };
}
