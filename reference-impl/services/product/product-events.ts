import * as v from "valibot";
import {
  type EventMessage,
  eventMessage,
  MalformedMessage,
  type OutgoingMessage,
} from "../../patterns/event-message.ts";

/** The topic of all products; a product's messages are in one partition. */
export const productTopic = "products";

/** What a product is for those who look at it. */
export interface CatalogueEntry {
  readonly name: string;
  readonly category: string;
  readonly price: number;
  /** How often its price was changed. */
  readonly priceChanges: number;
}

/** The stream of a product. */
export function productStream(id: string): string {
  return `product/${id}`;
}

/** The product of a stream. */
export function productOfStream(stream: string): string {
  return stream.slice("product/".length);
}

/** A new product, its first message. */
export function productCreated(
  id: string,
  entry: { readonly name: string; readonly category: string; readonly price: number },
): OutgoingMessage {
  const { name, category, price } = entry;
  return {
    topic: productTopic,
    message: eventMessage(productStream(id), 1, "product.created", { name, category, price }),
  };
}

/** Another price. */
export function productPriceChanged(id: string, version: number, price: number): OutgoingMessage {
  return {
    topic: productTopic,
    message: eventMessage(productStream(id), version, "product.price-changed", { price }),
  };
}

const createdSchema = v.object({ name: v.string(), category: v.string(), price: v.number() });
const priceSchema = v.object({ price: v.number() });

/**
 * What a product is after a message: the fold of its stream. A price of what is not there changes nothing.
 * Messages of other types are none of its business. Throws `MalformedMessage`.
 */
export function evolveProduct(state: CatalogueEntry | null, message: EventMessage): CatalogueEntry | null {
  if (message.type === "product.created") {
    const { name, category, price } = bodyOf(message, createdSchema);
    return { name, category, price, priceChanges: 0 };
  }
  if (message.type !== "product.price-changed" || state === null) return state;
  const { price } = bodyOf(message, priceSchema);
  return { ...state, price, priceChanges: state.priceChanges + 1 };
}

function bodyOf<Schema extends v.GenericSchema>(
  { type, body }: EventMessage,
  schema: Schema,
): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, body);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw new MalformedMessage(`${type}: ${v.getDotPath(issue) ?? "body"}: ${issue.message}`);
}
