import type { RandomStream } from "../../random/random-stream.ts";
import type { Scheduler } from "../scheduler.ts";
import type { Owner } from "../sim-event.ts";
import { findDeadlock } from "./find-deadlock.ts";
import { findTable } from "./find-table.ts";
import type { PostgresError } from "./postgres-error.ts";
import { defaultPostgresSettings, type PostgresSettings } from "./postgres-settings.ts";
import { Session } from "./session.ts";
import { Store } from "./store.ts";
import { writeOutput } from "./stored-values.ts";
import type { UnsupportedByPostgresModelError } from "./unsupported-by-postgres-model-error.ts";

/** What a server is made of. */
export interface PostgresServerOptions {
  readonly scheduler: Scheduler;
  /** Decides the server's own races: who wakes first, how long locks outlive an error. */
  readonly random: RandomStream;
  /** Its node in the network. */
  readonly name: string;
  readonly settings?: Partial<PostgresSettings>;
}

/**
 * A model of one PostgreSQL server: sessions, transactions at PostgreSQL's isolation levels, locks,
 * constraints. What it claims, and how that is proved against the real one: docs/postgres-model.md.
 */
export class PostgresServer {
  readonly scheduler: Scheduler;
  readonly random: RandomStream;
  readonly name: string;
  readonly settings: PostgresSettings;
  readonly store: Store = new Store();
  /** The machine: receives messages also while the server is down. */
  readonly machine: Owner;
  /** The running server; a new one after every restart. */
  life: Owner;
  /** Statements that the model refused: a run that has any is a harness error, not a finding. */
  readonly refusals: UnsupportedByPostgresModelError[] = [];
  readonly #sessions = new Map<number, Session>();
  #lastBackend = 0;

  constructor(options: PostgresServerOptions) {
    this.scheduler = options.scheduler;
    this.random = options.random;
    this.name = options.name;
    this.settings = { ...defaultPostgresSettings, ...options.settings };
    this.machine = { name: options.name, alive: true };
    this.life = { name: options.name, alive: true };
  }

  /** Whether it accepts connections. */
  get up(): boolean {
    return this.life.alive;
  }

  /** Opens a session, or null while the server is down. */
  connect(): Session | null {
    if (!this.up) return null;
    const session = new Session(this, ++this.#lastBackend);
    this.#sessions.set(session.backend, session);
    return session;
  }

  /**
   * The server dies at once: every session is gone, what was not committed is gone, what was committed
   * stays. Clients learn of it by their closed connections. Harmless when it is down already.
   */
  crash(): void {
    if (!this.up) return;
    this.life.alive = false;
    const sessions = [...this.#sessions.values()];
    this.#sessions.clear();
    for (const session of sessions) session.abandon();
    this.store.crash();
    for (const session of sessions) session.onLost?.(null);
  }

  /** Accepts connections again. Harmless when it is up already. */
  restart(): void {
    if (!this.up) this.life = { name: this.name, alive: true };
  }

  /** Sessions that are open. */
  get sessionCount(): number {
    return this.#sessions.size;
  }

  /** Sessions whose statement waits for a lock. */
  get waitingSessionCount(): number {
    let waiting = 0;
    for (const session of this.#sessions.values()) if (session.blockers.length > 0) waiting++;
    return waiting;
  }

  /** The committed rows of a table as a client would get them, in the order of the heap. For tests and checks. */
  committedRows(tableName: string): Record<string, unknown>[] {
    const table = findTable(this.store, tableName);
    const rows: Record<string, unknown>[] = [];
    for (const tuple of table.heap) {
      if (tuple.removed || tuple.creator.state !== "committed" || tuple.updater?.state === "committed")
        continue;
      const row: Record<string, unknown> = {};
      for (const { name, position, type } of table.columns) {
        row[name] = writeOutput(type.name, tuple.values[position] ?? null);
      }
      rows.push(row);
    }
    return rows;
  }

  /** Used by sessions: the deadlock that a backend is part of. */
  findDeadlock(backend: number): PostgresError | null {
    return findDeadlock(backend, (waiting) => this.#sessions.get(waiting)?.blockers ?? []);
  }

  /** Used by sessions: one is over. */
  forget(session: Session): void {
    this.#sessions.delete(session.backend);
  }
}
