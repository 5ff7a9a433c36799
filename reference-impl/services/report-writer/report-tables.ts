import type { Generated, Kysely } from "kysely";
import { createFenceTable, type FenceTables } from "../../patterns/fenced-store.ts";
import { createRequestKeyTable, type RequestKeyTables } from "../../patterns/request-key.ts";

/** A row of `reports`. */
export interface ReportRow {
  id: string;
  value: string;
}

/** A write that was accepted; of one report in the order of `position`. */
export interface ReportWriteRow {
  position: Generated<string>;
  report_id: string;
  lease_id: string;
  /** Null where the lock gives no tokens. */
  token: string | null;
  value: string;
}

/** The tables that all report writers share. */
export interface ReportTables extends FenceTables, RequestKeyTables {
  reports: ReportRow;
  report_writes: ReportWriteRow;
}

/** Creates them. */
export async function createReportTables(database: Kysely<unknown>): Promise<void> {
  await database.schema
    .createTable("reports")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("value", "text", (column) => column.notNull())
    .execute();
  await database.schema
    .createTable("report_writes")
    .addColumn("position", "bigserial", (column) => column.primaryKey())
    .addColumn("report_id", "text", (column) => column.notNull())
    .addColumn("lease_id", "text", (column) => column.notNull())
    .addColumn("token", "bigint")
    .addColumn("value", "text", (column) => column.notNull())
    .execute();
  await createFenceTable(database);
  await createRequestKeyTable(database);
}
