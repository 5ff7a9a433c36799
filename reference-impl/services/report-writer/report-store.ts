import type { Kysely } from "kysely";
import { type Answer, errorAnswer, jsonAnswer } from "../../patterns/answer.ts";
import type { ReportTables } from "./report-tables.ts";

/** A new state of a report, and the lease that it is written under. */
export interface ReportWrite {
  readonly report: string;
  readonly lease: string;
  readonly token: number | null;
  readonly value: string;
}

/** Reads a report. */
export async function findReport(database: Kysely<ReportTables>, id: string): Promise<Answer> {
  const row = await database
    .selectFrom("reports")
    .select(["id", "value"])
    .where("id", "=", id)
    .executeTakeFirst();
  return row === undefined
    ? errorAnswer(404, "not-found", `There is no report ${id}.`)
    : jsonAnswer(200, row);
}

/** Stores a report, and notes who wrote it. The report's row is locked first: the notes are in its order. */
export async function storeReport(
  transaction: Kysely<ReportTables>,
  { report, lease, token, value }: ReportWrite,
): Promise<void> {
  await transaction
    .insertInto("reports")
    .values({ id: report, value })
    .onConflict((conflict) => conflict.column("id").doUpdateSet({ value }))
    .execute();
  await transaction
    .insertInto("report_writes")
    .values({ report_id: report, lease_id: lease, token: token === null ? null : String(token), value })
    .execute();
}
