import type { OutboxDocument } from "../../patterns/document-outbox.ts";
import type { AnsweringDocument } from "../../patterns/document-requests.ts";

/** The amounts of a product: what lies in the store, what is promised to somebody, what has left. */
export interface ProductAmounts {
  readonly stock: number;
  readonly reserved: number;
  readonly shipped: number;
}

/**
 * A product with everything that has to change together with it: the requests that it has answered and the
 * messages that must be published. One write to it is atomic, and there is no other kind of write.
 */
export interface ProductDocument extends OutboxDocument, AnsweringDocument, ProductAmounts {
  /** Counts the changes of name, price and category, each of which has a message with this sequence. */
  readonly version: number;
  readonly name: string;
  readonly price: number;
  readonly category: string;
}

/** The collection of the product service. */
export const productCollection = "products";
