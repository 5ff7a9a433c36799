/** A comparison of a statement's where clause: column, operator, value. */
export type Condition = readonly [
  column: string,
  operator: "=" | "<" | ">=" | "in" | "!=",
  value: number | number[],
];

/** A value to write: given, or the column's own value plus something. */
export type Change = number | { readonly add: number };

/** A statement of a schedule, as data: printed, stored and executed by one Kysely program. */
export type StatementSpec =
  | {
      readonly kind: "select";
      readonly table: TableName;
      readonly where: readonly Condition[];
      readonly orderBy?: string;
      readonly limit?: number;
      readonly lock?: "update" | "no key update" | "share" | "key share";
      readonly policy?: "skip" | "nowait";
      readonly total?: boolean;
    }
  | {
      readonly kind: "update";
      readonly table: TableName;
      readonly set: Readonly<Record<string, Change>>;
      readonly where: readonly Condition[];
    }
  | { readonly kind: "delete"; readonly table: TableName; readonly where: readonly Condition[] }
  | {
      readonly kind: "insert";
      readonly table: TableName;
      readonly rows: readonly Readonly<Record<string, number>>[];
      readonly conflict?: {
        readonly target: string | null;
        readonly set?: Readonly<Record<string, Change | "excluded">>;
        readonly where?: Condition;
      };
    };

/** The tables of a schedule: `item(id primary key, code unique, n)`, `part(id primary key, item_id references item)`. */
export type TableName = "item" | "part";

/** An isolation level. */
export type Level = "read committed" | "repeatable read" | "serializable";

/** What one session does in one step. */
export type Action =
  | { readonly do: "begin"; readonly level: Level; readonly readOnly?: boolean }
  | { readonly do: "commit" | "rollback" | "savepoint" | "rollback to savepoint" }
  | { readonly do: "statement"; readonly statement: StatementSpec };

/** One step: which session does what. */
export interface Step {
  readonly session: number;
  readonly action: Action;
}

/** Steps that are started one after the other, each when everybody else has finished or is blocked. */
export interface Schedule {
  readonly name: string;
  readonly sessions: number;
  /** The rows of `item` before the first step. */
  readonly items: readonly { readonly id: number; readonly code: number; readonly n: number }[];
  readonly parts: readonly { readonly id: number; readonly item_id: number }[];
  readonly steps: readonly Step[];
}

/** What was seen after each step, one text per step; the last one is the tables at the end. */
export type Trace = readonly string[];

/** The schedule in words, one line a step. */
export function describeSchedule(schedule: Schedule): string {
  const lines = [`schedule ${schedule.name}`, `  item ${JSON.stringify(schedule.items)}`];
  if (schedule.parts.length > 0) lines.push(`  part ${JSON.stringify(schedule.parts)}`);
  for (const [index, { session, action }] of schedule.steps.entries()) {
    const what =
      action.do === "statement"
        ? JSON.stringify(action.statement)
        : action.do === "begin"
          ? `begin ${action.level}${action.readOnly === true ? " read only" : ""}`
          : action.do;
    lines.push(`  ${String(index).padStart(2)}  s${session}  ${what}`);
  }
  return lines.join("\n");
}
