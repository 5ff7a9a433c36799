import type { Kysely } from "kysely";

/** A row with a state, of which some mean "somebody is still working on this". */
export interface StatefulRow {
  id: string;
  state: string;
}

/**
 * Semantic lock: sagas give up isolation (Garcia-Molina and Salem, "Sagas", 1987); a state such as PENDING
 * tells everybody else that a row is not settled yet. This moves a row out of that state in one guarded
 * UPDATE; false where it is not in it, or not there.
 */
export async function leaveState<Row extends StatefulRow, Tables>(
  database: Kysely<Tables>,
  table: keyof Tables & string,
  id: string,
  from: Row["state"],
  change: Partial<Row> & { readonly state: Row["state"] },
): Promise<boolean> {
  // Kysely cannot express "a table that has at least these columns".
  const stateful = database as unknown as Kysely<{ stateful: StatefulRow }>;
  const result = await stateful
    .updateTable(table as "stateful")
    .set(change)
    .where("id", "=", id)
    .where("state", "=", from)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}
