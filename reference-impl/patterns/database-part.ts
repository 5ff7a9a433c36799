import type { Kysely } from "kysely";

/**
 * The same connection, seen as one to some of its tables: what a pattern that knows its own tables only
 * asks of a service's database.
 */
export function databasePart<Part, Tables extends Part = Part>(database: Kysely<Tables>): Kysely<Part> {
  // Kysely's types are invariant in the tables; a database with more tables has these too.
  return database as unknown as Kysely<Part>;
}
