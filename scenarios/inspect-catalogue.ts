import type { Json } from "../checkers/history/operation.ts";
import type { InspectedRecord } from "../harness/run/scenario.ts";
import type { StoreClients } from "../harness/run/system.ts";
import { decodeMessage, type EventMessage } from "../reference-impl/patterns/event-message.ts";
import type { ProjectedDocument } from "../reference-impl/patterns/projected-documents.ts";
import { ProjectionGenerations } from "../reference-impl/patterns/projection-generations.ts";
import {
  type ProductDocument,
  productCollection,
} from "../reference-impl/services/product/product-document.ts";
import { type CatalogueEntry, evolveProduct } from "../reference-impl/services/product/product-events.ts";
import { productView } from "../reference-impl/services/product-query/catalogue-views.ts";
import { catalogueGroup } from "../reference-impl/services/product-query/product-query.service.ts";
import { catalogueNodes } from "../reference-impl/systems/catalogue.system.ts";
import {
  type StoredSeedEvent,
  seedEventCollection,
} from "../reference-impl/textbook/catalogue-event-store.ts";
import type { SeedProduct } from "../reference-impl/textbook/catalogue-read-model.ts";
import { readTopic } from "./read-topic.ts";

const nodes = catalogueNodes;

/**
 * The log of the products and what the query side shows of it. The log: what was published, each message once, and what
 * the products themselves still hold. Where a product is at a later version than its messages tell, its last
 * state is in the log all the same. With two generations the one that is shown is `rebuilt`, and the older one,
 * which is kept up to date, is `projected`.
 */
export async function inspectCatalogue(stores: StoreClients): Promise<readonly InspectedRecord[]> {
  const ofSeed = await inspectSeedCatalogue(stores);
  if (ofSeed.length > 0) return ofSeed;
  const products = await stores
    .mongodb(nodes.productStore)
    .collection<ProductDocument>(productCollection)
    .find({})
    .sort({ _id: 1 })
    .toArray();
  const published = await readTopic(stores, nodes.bus, nodes.topic);
  const pending = products.flatMap(({ pending: messages }) => messages);
  const log = new Map<string, EventMessage[]>();
  for (const { value } of [...published, ...pending]) {
    const message = decodeMessage(value);
    const stream = log.get(message.stream) ?? [];
    if (!stream.some(({ id }) => id === message.id)) stream.push(message);
    log.set(message.stream, stream);
  }
  return [...products.flatMap((product) => eventsOf(product, log)), ...(await inspectViews(stores))];
}

/** The same of the seed's form: the log is the list of its event store. */
async function inspectSeedCatalogue(stores: StoreClients): Promise<readonly InspectedRecord[]> {
  const events = await stores
    .mongodb(nodes.productStore)
    .collection<StoredSeedEvent>(seedEventCollection)
    .find({})
    .sort({ _id: 1 })
    .toArray();
  const states = new Map<string, CatalogueEntry | null>();
  const log = events.map(({ _id: position, stream, type, body }) => {
    const message = { id: `${stream}#${position}`, stream, sequence: position, type, body };
    const state = evolveProduct(states.get(stream) ?? null, message);
    states.set(stream, state);
    const after = state === null ? { remove: true } : { put: { ...state } };
    const value = { position, event: message.id, ...after };
    return { f: "event", key: stream, node: nodes.product, value };
  });
  const views = await stores
    .mongodb(nodes.queryStore)
    .collection<SeedProduct>("products")
    .find({})
    .sort({ _id: 1 })
    .toArray();
  const projected = views.map(({ _id, ...state }) => ({
    f: "projected",
    key: `product/${_id}`,
    node: nodes.query,
    value: { state: state as unknown as Json },
  }));
  return [...log, ...projected];
}

function eventsOf(product: ProductDocument, log: ReadonlyMap<string, EventMessage[]>): InspectedRecord[] {
  const key = `product/${product._id}`;
  const messages = (log.get(key) ?? []).toSorted((a, b) => a.sequence - b.sequence);
  let state: CatalogueEntry | null = null;
  const events = messages.map((message) => {
    state = evolveProduct(state, message);
    return eventRecord(key, message.sequence, message.id, state);
  });
  const last = messages.at(-1)?.sequence ?? 0;
  if (product.version === last) return events;
  const { name, category, price, version } = product;
  const put = { name, category, price, priceChanges: version - 1 };
  return [...events, eventRecord(key, version, `${key}#${version}`, put)];
}

/** An event of the log of one stream, with the whole state after it. */
function eventRecord(
  key: string,
  position: number,
  event: string,
  state: CatalogueEntry | null,
): InspectedRecord {
  const after = state === null ? { remove: true } : { put: { ...state } };
  return { f: "event", key, node: nodes.product, value: { position, partition: key, event, ...after } };
}

async function inspectViews(stores: StoreClients): Promise<InspectedRecord[]> {
  const database = stores.mongodb(nodes.queryStore);
  const { live, oldest } = await new ProjectionGenerations(database, catalogueGroup).load();
  const views = await database
    .collection<ProjectedDocument<CatalogueEntry>>(productView.name)
    .find({ generation: { $gte: oldest, $lte: live } })
    .sort({ _id: 1 })
    .toArray();
  return views.map(({ generation, stream, state }) => ({
    f: generation === oldest ? "projected" : "rebuilt",
    key: stream,
    node: nodes.query,
    value: { state: state as Json },
  }));
}
