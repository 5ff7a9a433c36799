import type { Kysely } from "kysely";
import type { InventoryTables, ItemRow } from "../services/inventory/inventory-tables.ts";
import { changedAmounts, type MovementKind } from "../services/inventory/movement.ts";

/**
 * The seed's `ProductDatabase.update_inventory` (section 1) on PostgreSQL: `$inc` becomes
 * `SET stock = stock + n`, a statement of its own that commits by itself. No floor, and no request key.
 * The seed counts one amount; where pieces go to (or come from) is the same `$inc` on another.
 */
export class ProductInventory {
  readonly #database: Kysely<InventoryTables>;

  constructor(database: Kysely<InventoryTables>) {
    this.#database = database;
  }

  async createItem(item: ItemRow): Promise<ItemRow> {
    return await this.#database.insertInto("items").values(item).returningAll().executeTakeFirstOrThrow();
  }

  async getItem(id: string): Promise<ItemRow | null> {
    const row = await this.#database.selectFrom("items").selectAll().where("id", "=", id).executeTakeFirst();
    return row ?? null;
  }

  /** True where something was modified, as the seed's `modified_count > 0`. */
  async updateInventory(id: string, kind: MovementKind, quantity: number): Promise<boolean> {
    const result = await this.#database
      .updateTable("items")
      .set((eb) => changedAmounts(kind, (name, sign) => eb(name, sign, quantity)))
      .where("id", "=", id)
      .executeTakeFirst();
    return result.numUpdatedRows > 0n;
  }
}
