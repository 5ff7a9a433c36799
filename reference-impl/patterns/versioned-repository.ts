import type { Kysely } from "kysely";
import type { ServiceClock } from "../service-needs.ts";

/** What every row of a versioned table has. The first version is 1. */
export interface VersionedRow {
  id: string;
  version: number;
}

/** What came of saving an entity. `currentVersion` is null where there is no such entity. */
export type SaveOutcome =
  | { readonly saved: true; readonly version: number }
  | { readonly saved: false; readonly currentVersion: number | null };

/** A versioned table as {@link SaveWithVersionCheck} works on it; which table it is does not matter to it. */
export interface VersionedTable {
  readonly database: Kysely<{ versioned: VersionedRow }>;
  /** Its real name; typed as the one table of the type above. */
  readonly name: "versioned";
  readonly clock: ServiceClock;
}

/** Stores the entity's columns as its next version, if its version is still the expected one. */
export type SaveWithVersionCheck = (
  table: VersionedTable,
  entity: { readonly id: string },
  expectedVersion: number,
) => Promise<SaveOutcome>;

/**
 * One guarded UPDATE: the store compares the version and writes in the same step, under the row's lock.
 * The number of rows tells whether it did.
 */
export const guardedSave: SaveWithVersionCheck = async (table, entity, expectedVersion) => {
  const version = expectedVersion + 1;
  const result = await table.database
    .updateTable(table.name)
    .set({ ...entity, version })
    .where("id", "=", entity.id)
    .where("version", "=", expectedVersion)
    .executeTakeFirst();
  if (result.numUpdatedRows === 1n) return { saved: true, version };
  return { saved: false, currentVersion: await currentVersion(table, entity.id) };
};

/** The stored version of an entity, or null where there is none. */
export async function currentVersion(table: VersionedTable, id: string): Promise<number | null> {
  const row = await table.database
    .selectFrom(table.name)
    .select("version")
    .where("id", "=", id)
    .executeTakeFirst();
  return row?.version ?? null;
}

/** A table as the version check sees it. */
export function versionedTable<Tables, Name extends keyof Tables & string>(
  database: Kysely<Tables>,
  name: Tables[Name] extends VersionedRow ? Name : never,
  clock: ServiceClock,
): VersionedTable {
  // Kysely cannot express "a table that has at least these columns"; the constraint on `name` does.
  return { database: database as unknown as VersionedTable["database"], name: name as "versioned", clock };
}
