import type { Kysely } from "kysely";

/** The newest token that each resource has seen, in the database of what is written under the lock. */
export interface FenceTables {
  fences: { resource: string; token: string };
}

/** Creates the table. */
export async function createFenceTable(database: Kysely<unknown>): Promise<void> {
  await database.schema
    .createTable("fences")
    .addColumn("resource", "text", (column) => column.primaryKey())
    .addColumn("token", "bigint", (column) => column.notNull())
    .execute();
}

/** May a write with this token go ahead? To be asked in the transaction of the write, before it. */
export type Fence = (
  transaction: Kysely<FenceTables>,
  resource: string,
  token: number | null,
) => Promise<boolean>;

/**
 * Lets a write pass whose token is not older than the newest that the resource has seen, and remembers it:
 * one guarded statement. The row stays locked until the transaction ends, so a write that waits here is held
 * against the token of the one before it, whatever the order in which they were sent. A write without
 * a token does not pass.
 */
export const passFence: Fence = async (transaction, resource, token) => {
  if (token === null) return false;
  const result = await transaction
    .insertInto("fences")
    .values({ resource, token: String(token) })
    .onConflict((conflict) =>
      conflict
        .column("resource")
        .doUpdateSet((eb) => ({ token: eb.ref("excluded.token") }))
        .whereRef("fences.token", "<=", "excluded.token"),
    )
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
};
