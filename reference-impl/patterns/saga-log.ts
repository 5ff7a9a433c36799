import type { Kysely } from "kysely";

/** What became of a saga. */
export type SagaState = "running" | "completed" | "aborted";

/**
 * What is noted of a step. Before it is sent: `doing`, `undoing`. After: `done`; `refused` and `not-sent`
 * (certainly not done); `unknown` (may have been done); `undone`.
 */
export type SagaEvent = "doing" | "done" | "refused" | "not-sent" | "unknown" | "undoing" | "undone";

/** One line of a saga's log. */
export interface SagaEntry {
  readonly step: string;
  readonly event: SagaEvent;
}

/** A saga whose log is at hand. */
export interface LoggedSaga {
  readonly id: string;
  /** What it was started with: JSON text. */
  readonly input: string;
  readonly entries: readonly SagaEntry[];
}

/** What is kept about a saga. */
export interface SagaStatus {
  readonly input: string;
  readonly state: SagaState;
}

/** Another process, or an earlier life of this one, goes on with the saga: whoever hears this stops. */
export class SagaLost extends Error {
  override readonly name = "SagaLost";

  constructor(id: string) {
    super(`the saga ${id} is driven by somebody else`);
  }
}

/** The right to drive one saga for a while. */
export interface SagaDrive {
  readonly saga: LoggedSaga;
  /** Adds lines at the end of the log. When it resolves they outlive this process. Throws {@link SagaLost}. */
  append(entries: readonly SagaEntry[]): Promise<void>;
  /** Makes sure that nobody else takes over yet. Throws {@link SagaLost}. */
  keep(): Promise<void>;
  /** Notes the end. */
  end(state: Exclude<SagaState, "running">): Promise<void>;
}

/** Where sagas are kept. Its methods reject with a `StoreFailure` while the store is in trouble. */
export interface SagaLog {
  /** Notes that a saga begins; if it is known already, answers what is kept about it. */
  begin(id: string, input: string): Promise<SagaStatus>;
  find(id: string): Promise<SagaStatus | null>;
  /** How many have not ended. */
  pending(): Promise<number>;
  /** Ids of sagas that have not ended and that this process may drive. */
  claimable(): Promise<readonly string[]>;
  /** Takes a saga over; null where somebody else drives it, or it has ended. */
  claim(id: string): Promise<SagaDrive | null>;
}

/** Tables of a durable saga log. */
export interface SagaTables {
  sagas: {
    id: string;
    input: string;
    state: SagaState;
    /** Who drives it. */
    owner: string;
    /** Until when nobody else may, in ms since 1970. */
    lease_until_ms: number;
  };
  saga_log: { saga_id: string; position: number; drive: string; step: string; event: SagaEvent };
}

/** Creates them. */
export async function createSagaTables(database: Kysely<unknown>): Promise<void> {
  await database.schema
    .createTable("sagas")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("input", "text", (column) => column.notNull())
    .addColumn("state", "text", (column) => column.notNull())
    .addColumn("owner", "text", (column) => column.notNull())
    .addColumn("lease_until_ms", "double precision", (column) => column.notNull())
    .execute();
  await database.schema.createIndex("sagas_by_state").on("sagas").column("state").execute();
  await database.schema
    .createTable("saga_log")
    .addColumn("saga_id", "text", (column) => column.notNull())
    .addColumn("position", "integer", (column) => column.notNull())
    .addColumn("drive", "text", (column) => column.notNull())
    .addColumn("step", "text", (column) => column.notNull())
    .addColumn("event", "text", (column) => column.notNull())
    .addPrimaryKeyConstraint("saga_log_pkey", ["saga_id", "position"])
    .execute();
}
