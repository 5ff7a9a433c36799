import type { Filter, UpdateFilter } from "mongodb";
import type { DocumentCollection } from "../../document-database.ts";
import { type Answer, errorAnswer, jsonAnswer } from "../../patterns/answer.ts";
import { isDuplicateKey, readDocuments, writeDocument } from "../../patterns/document-failure.ts";
import { type PendingMessage, pendingMessage } from "../../patterns/document-outbox.ts";
import type { DocumentRequests, FiledRequest } from "../../patterns/document-requests.ts";
import type { OutgoingMessage } from "../../patterns/event-message.ts";
import type { KeyedRequest } from "../../patterns/request-key.ts";
import type { ServiceClock } from "../../service-needs.ts";
import type { ProductDocument } from "./product-document.ts";
import { productCreated, productPriceChanged } from "./product-events.ts";
import type { NewPrice, NewProduct } from "./product-input.ts";

/** What commands work with. */
export interface ProductCommands {
  readonly products: DocumentCollection<ProductDocument>;
  readonly requests: DocumentRequests;
  readonly clock: ServiceClock;
  /** Called with a message once the product is stored together with it. */
  readonly stored: (message: OutgoingMessage) => void;
}

/** Reads a product. */
export async function findProduct(
  products: DocumentCollection<ProductDocument>,
  id: string,
): Promise<ProductDocument | null> {
  return await readDocuments(() => products.findOne({ _id: id }));
}

/** Stores a product with its first message, unless the id is taken. */
export async function createProduct(
  { products, requests, clock, stored }: ProductCommands,
  product: NewProduct & { readonly id: string },
  request: KeyedRequest,
): Promise<Answer> {
  const { id, name, price, category, stock } = product;
  const message = productCreated(id, { name, price, category });
  const answer = jsonAnswer(201, { id, version: 1, name, price, category, stock, reserved: 0, shipped: 0 });
  const document: ProductDocument = {
    _id: id,
    version: 1,
    name,
    price,
    category,
    stock,
    reserved: 0,
    shipped: 0,
    requests: [...requests.filed(request, answer, clock.nowMs())],
    pending: [pendingMessage(message)],
  };
  try {
    await writeDocument(() => products.insertOne(document));
    stored(message);
    return answer;
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
  }
  const found = await findProduct(products, id);
  const filed = found === null ? null : requests.answerOf(found, request);
  return filed ?? errorAnswer(409, "already-exists", `There is a product ${id} already.`);
}

/**
 * Stores another price as the next version, together with its message; null: somebody else stored that version.
 * Without an expected version the price is set whatever the version is.
 */
export async function changePrice(
  { products, requests, clock, stored }: ProductCommands,
  id: string,
  { price, expectedVersion }: NewPrice,
  request: KeyedRequest,
): Promise<Answer | null> {
  const found = await findProduct(products, id);
  if (found === null) return noSuchProduct(id);
  const filed = requests.answerOf(found, request);
  if (filed !== null) return filed;
  if (expectedVersion !== undefined && expectedVersion !== found.version) {
    const message = `Version ${expectedVersion} was expected, version ${found.version} is stored.`;
    return errorAnswer(409, "conflict", message);
  }
  const version = found.version + 1;
  const message = productPriceChanged(id, version, price);
  const answer = jsonAnswer(200, { id, version, name: found.name, price, category: found.category });
  const filter = { _id: id, version: found.version, ...requests.unanswered(request) };
  const $push = pushed(requests.filed(request, answer, clock.nowMs()), [pendingMessage(message)]);
  const result = await writeDocument(() =>
    products.updateOne(filter as Filter<ProductDocument>, { $set: { price, version }, $push }),
  );
  if (result.matchedCount === 0) return null;
  stored(message);
  return answer;
}

/** The `$push` that adds filed requests and messages to a product. */
export function pushed(
  requests: readonly FiledRequest[],
  pending: readonly PendingMessage[],
): NonNullable<UpdateFilter<ProductDocument>["$push"]> {
  return {
    requests: { $each: requests },
    pending: { $each: pending },
  } as unknown as NonNullable<UpdateFilter<ProductDocument>["$push"]>;
}

/** 404 for a product. */
export function noSuchProduct(id: string): Answer {
  return errorAnswer(404, "not-found", `There is no product ${id}.`);
}
