import type { Kysely, SelectQueryBuilder, Updateable } from "kysely";
import type { Change, Condition, StatementSpec } from "./schedule.ts";

/** The tables of schedules. */
export interface ScheduleTables {
  item: { id: number; code: number | null; n: number };
  part: { id: number; item_id: number | null; n: number };
}

type Loose = Kysely<Record<string, Record<string, unknown>>>;
type LooseSelect = SelectQueryBuilder<
  Record<string, Record<string, unknown>>,
  string,
  Record<string, unknown>
>;

/** Creates the tables of schedules: two unique keys on `item`, a foreign key from `part`. */
export async function createScheduleTables(database: Kysely<ScheduleTables>, suffix = ""): Promise<void> {
  await database.schema
    .createTable(`item${suffix}`)
    .addColumn("id", "integer", (column) => column.primaryKey())
    .addColumn("code", "integer", (column) => column.unique())
    .addColumn("n", "integer", (column) => column.notNull().defaultTo(0))
    .execute();
  await database.schema
    .createTable(`part${suffix}`)
    .addColumn("id", "integer", (column) => column.primaryKey())
    .addColumn("item_id", "integer", (column) => column.references(`item${suffix}.id`))
    .addColumn("n", "integer", (column) => column.notNull().defaultTo(0))
    .execute();
}

/** Executes a statement; answers the rows as a text, in an order that does not depend on the store. */
export async function runStatement(database: Kysely<ScheduleTables>, spec: StatementSpec): Promise<string> {
  const db = database as unknown as Loose;
  switch (spec.kind) {
    case "select":
      return show(await select(db, spec), spec.orderBy !== undefined);
    case "update": {
      let query = db.updateTable(spec.table);
      for (const [column, change] of Object.entries(spec.set)) {
        query =
          typeof change === "number"
            ? query.set({ [column]: change } as Updateable<Record<string, unknown>>)
            : query.set(column, (eb) => eb(eb.ref(column), "+", change.add as never));
      }
      for (const [column, operator, value] of spec.where) query = query.where(column, operator, value);
      return show(await query.returningAll().execute(), false);
    }
    case "delete": {
      let query = db.deleteFrom(spec.table);
      for (const [column, operator, value] of spec.where) query = query.where(column, operator, value);
      return show(await query.returningAll().execute(), false);
    }
    default:
      return show(await insert(db, spec), false);
  }
}

async function select(db: Loose, spec: Extract<StatementSpec, { kind: "select" }>): Promise<unknown[]> {
  let query: LooseSelect = db.selectFrom(spec.table) as unknown as LooseSelect;
  for (const condition of spec.where) query = where(query, condition);
  if (spec.total === true) {
    return await query.select((eb) => [eb.fn.countAll().as("count"), eb.fn.sum("n").as("sum")]).execute();
  }
  query = query.selectAll();
  if (spec.orderBy !== undefined) query = query.orderBy(spec.orderBy, "desc");
  if (spec.limit !== undefined) query = query.limit(spec.limit);
  if (spec.lock === "update") query = query.forUpdate();
  if (spec.lock === "no key update") query = query.forNoKeyUpdate();
  if (spec.lock === "share") query = query.forShare();
  if (spec.lock === "key share") query = query.forKeyShare();
  if (spec.policy === "skip") query = query.skipLocked();
  if (spec.policy === "nowait") query = query.noWait();
  return await query.execute();
}

function where(query: LooseSelect, [column, operator, value]: Condition): LooseSelect {
  return query.where(column, operator, value);
}

async function insert(db: Loose, spec: Extract<StatementSpec, { kind: "insert" }>): Promise<unknown[]> {
  const query = db.insertInto(spec.table).values([...spec.rows]);
  const { conflict, table } = spec;
  if (conflict === undefined) return await query.returningAll().execute();
  return await query
    .onConflict((clause) => {
      const target = conflict.target === null ? clause : clause.column(conflict.target);
      if (conflict.set === undefined) return target.doNothing() as never;
      const update = target.doUpdateSet((eb) => {
        const change = ([column, value]: [string, Change | "excluded"]) => {
          if (value === "excluded") return [column, eb.ref(`excluded.${column}`)];
          return [
            column,
            typeof value === "number" ? value : eb(eb.ref(`${table}.${column}`), "+", value.add as never),
          ];
        };
        return Object.fromEntries(Object.entries(conflict.set ?? {}).map(change)) as never;
      });
      if (conflict.where === undefined) return update as never;
      const [column, operator, value] = conflict.where;
      return update.where(`${table}.${column}`, operator, value) as never;
    })
    .returningAll()
    .execute();
}

function show(rows: readonly unknown[], ordered: boolean): string {
  const texts = rows.map((row) => JSON.stringify(row));
  return (ordered ? texts : texts.sort()).join(" ") || "no rows";
}
