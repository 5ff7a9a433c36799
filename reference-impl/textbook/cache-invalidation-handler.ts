import type { CacheConnection } from "../patterns/versioned-cache.ts";

/** The seed's `CDCEvent`, as far as its handler looks at it. */
export interface SeedChange {
  readonly operation: "INSERT" | "UPDATE" | "DELETE";
  readonly id: string;
}

/** The seed's `CacheInvalidationHandler` (section 5), with a cache where the seed prints what it would delete. */
export class CacheInvalidationHandler {
  readonly #cache: CacheConnection;

  constructor(cache: CacheConnection) {
    this.#cache = cache;
  }

  /** `handle_product_change`. */
  async handleProductChange({ operation, id }: SeedChange): Promise<void> {
    if (operation !== "UPDATE" && operation !== "DELETE") return;
    await this.#cache.command("deleting", (client) => client.del(`product:${id}`));
  }
}
