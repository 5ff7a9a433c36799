import type { Document, Filter, UpdateFilter } from "mongodb";
import type { DocumentDatabase } from "../document-database.ts";
import type { MovementKind } from "../services/inventory/movement.ts";

/** A product as the seed stores it. The seed counts one amount; the other two are ours, so that pieces go somewhere. */
export interface SeedProductDocument extends Document {
  readonly _id: string;
  readonly stock: number;
  readonly reserved: number;
  readonly shipped: number;
}

/**
 * The seed's `ProductDatabase` (section 1) on MongoDB: writes of one document each, and no condition but the id. An id
 * is what `ObjectId(...)` takes, or it throws; stored is the text of it.
 */
export class ProductDatabase {
  readonly #database: DocumentDatabase;

  constructor(database: DocumentDatabase) {
    this.#database = database;
  }

  /** `create_product`. */
  async createProduct(id: string, product: Omit<SeedProductDocument, "_id">): Promise<SeedProductDocument> {
    const stored = { ...product, _id: objectId(id) } as SeedProductDocument;
    await this.#products().insertOne(stored);
    return stored;
  }

  /** `get_product`. */
  async getProduct(id: string): Promise<SeedProductDocument | null> {
    return await this.#products().findOne({ _id: objectId(id) } as Filter<SeedProductDocument>);
  }

  /** `update_inventory`: true where something was modified. */
  async updateInventory(id: string, { from, to }: MovementKind, quantity: number): Promise<boolean> {
    const $inc = { [to]: quantity, ...(from === null ? {} : { [from]: -quantity }) };
    const filter = { _id: objectId(id) } as Filter<SeedProductDocument>;
    const result = await this.#products().updateOne(filter, { $inc } as UpdateFilter<SeedProductDocument>);
    return result.modifiedCount > 0;
  }

  #products() {
    return this.#database.collection<SeedProductDocument>("products");
  }
}

/** `ObjectId(text)`: throws where the text is none. */
function objectId(text: string): string {
  if (/^[0-9a-f]{24}$/i.test(text)) return text;
  throw new Error(`"${text}" is not a valid ObjectId, it must be a 24-character hex string`);
}
