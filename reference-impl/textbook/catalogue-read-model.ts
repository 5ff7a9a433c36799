import type { Document, UpdateFilter } from "mongodb";
import type { DocumentDatabase } from "../document-database.ts";
import type { EventMessage } from "../patterns/event-message.ts";
import { type CatalogueEntry, evolveProduct, productOfStream } from "../services/product/product-events.ts";

/** A product of the seed's read model. */
export interface SeedProduct extends Document, CatalogueEntry {
  readonly _id: string;
}

/** A category or a word, and the products that it leads to. */
interface SeedIndexEntry extends Document {
  readonly _id: string;
  readonly products: string[];
}

/**
 * The seed's `ProductReadModel` (section 3): the products, and an index by category and one by word, each a list that
 * products are appended to. Its dictionaries are collections here, so that they outlive the process. The
 * count of price changes is ours; the seed keeps the time of the last one.
 */
export class CatalogueReadModel {
  readonly #database: DocumentDatabase;

  constructor(database: DocumentDatabase) {
    this.#database = database;
  }

  /** `apply_event`. */
  async applyEvent(event: EventMessage): Promise<void> {
    const id = productOfStream(event.stream);
    if (event.type === "product.created") {
      const product = evolveProduct(null, event);
      if (product === null) return;
      await this.#products().updateOne({ _id: id }, { $set: product }, { upsert: true });
      await this.#append("category_index", product.category, id);
      for (const word of product.name.toLowerCase().split(" ")) await this.#append("search_index", word, id);
      return;
    }
    const product = await this.product(id);
    const changed = product === null ? null : evolveProduct(product, event);
    if (changed !== null) await this.#products().updateOne({ _id: id }, { $set: { ...changed } });
  }

  /** `products.get(product_id)`. */
  async product(id: string): Promise<SeedProduct | null> {
    return await this.#products().findOne({ _id: id });
  }

  /** The products of a category, in the order of its index. */
  async category(name: string): Promise<readonly SeedProduct[]> {
    return await this.#all(await this.#index("category_index", name));
  }

  /** The products that any of the words leads to; which ones the cut leaves is left to chance. */
  async search(words: readonly string[], maxResults: number): Promise<readonly SeedProduct[]> {
    const matching = new Set<string>();
    for (const word of words) for (const id of await this.#index("search_index", word)) matching.add(id);
    return (await this.#all([...matching])).slice(0, maxResults);
  }

  #products() {
    return this.#database.collection<SeedProduct>("products");
  }

  async #append(index: string, entry: string, id: string): Promise<void> {
    const $push = { products: id };
    await this.#database
      .collection<SeedIndexEntry>(index)
      .updateOne({ _id: entry }, { $push } as unknown as UpdateFilter<SeedIndexEntry>, { upsert: true });
  }

  async #index(index: string, entry: string): Promise<readonly string[]> {
    const found = await this.#database.collection<SeedIndexEntry>(index).findOne({ _id: entry });
    return found?.products ?? [];
  }

  async #all(ids: readonly string[]): Promise<readonly SeedProduct[]> {
    const products = await Promise.all(ids.map((id) => this.product(id)));
    return products.filter((product) => product !== null);
  }
}
