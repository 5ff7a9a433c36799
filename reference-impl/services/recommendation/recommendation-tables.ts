import type { Kysely } from "kysely";
import { createConsumerTables } from "../../patterns/event-tables.ts";
import type { ConsumerTables } from "../../patterns/idempotent-consumer.ts";

/** A row of `profiles`: what this service knows of a user, and of which version that is. */
export interface KnownProfileRow {
  user_id: string;
  version: number;
  email: string;
  name: string;
}

/** The tables of the recommendation service. */
export interface RecommendationTables extends ConsumerTables {
  profiles: KnownProfileRow;
}

/** Creates them. */
export async function createRecommendationTables(database: Kysely<unknown>): Promise<void> {
  await database.schema
    .createTable("profiles")
    .addColumn("user_id", "text", (column) => column.primaryKey())
    .addColumn("version", "integer", (column) => column.notNull())
    .addColumn("email", "text", (column) => column.notNull())
    .addColumn("name", "text", (column) => column.notNull())
    .execute();
  await createConsumerTables(database);
}
