import type { RandomStream } from "../../random/random-stream.ts";
import type { Scheduler } from "../scheduler.ts";
import type { Owner } from "../sim-event.ts";
import { findDeadlock } from "./find-deadlock.ts";
import { findTable } from "./find-table.ts";
import { PostgresError } from "./postgres-error.ts";
import { defaultPostgresSettings, type PostgresSettings } from "./postgres-settings.ts";
import { Session } from "./session.ts";
import { Store } from "./store.ts";
import { writeOutput } from "./stored-values.ts";
import type { UnsupportedByPostgresModelError } from "./unsupported-by-postgres-model-error.ts";
import { primaryPositions, type WalPositions } from "./wal-position.ts";

/** What a server is made of. */
export interface PostgresServerOptions {
  readonly scheduler: Scheduler;
  /** Decides the server's own races: who wakes first, how long locks outlive an error. */
  readonly random: RandomStream;
  /** Its node in the network. */
  readonly name: string;
  readonly settings?: Partial<PostgresSettings>;
  /** Makes it a standby: what it reads, and up to where. */
  readonly standby?: { readonly store: Store; readonly wal: WalPositions };
}

/** What a client connects to. */
export interface PostgresEndpoint {
  /** Its node in the network. */
  readonly name: string;
  /** The machine: receives messages also while the server is down. */
  readonly machine: Owner;
  /** Statements that the model refused. */
  readonly refusals: UnsupportedByPostgresModelError[];
  /** Opens a session for a client node. Null while the server is down; an error (53300) when it is full. */
  connect(client: string): Session | PostgresError | null;
}

/**
 * A model of one PostgreSQL server: sessions, transactions at PostgreSQL's isolation levels, locks,
 * constraints. What it claims, and how that is proved against the real one: docs/postgres-model.md.
 */
export class PostgresServer implements PostgresEndpoint {
  readonly scheduler: Scheduler;
  readonly random: RandomStream;
  readonly name: string;
  readonly settings: PostgresSettings;
  readonly store: Store;
  readonly inRecovery: boolean;
  readonly wal: WalPositions;
  /** The machine: receives messages also while the server is down. */
  readonly machine: Owner;
  /** The running server; a new one after every restart. */
  life: Owner;
  /** Statements that the model refused: a run that has any is a harness error, not a finding. */
  readonly refusals: UnsupportedByPostgresModelError[] = [];
  readonly #sessions = new Map<number, Session>();
  readonly #clients = new WeakMap<Session, string>();
  readonly #slotsTaken = new Set<{ refused: number }>();
  #lastBackend = 0;

  constructor(options: PostgresServerOptions) {
    this.scheduler = options.scheduler;
    this.random = options.random;
    this.name = options.name;
    this.settings = { ...defaultPostgresSettings, ...options.settings };
    this.store = options.standby?.store ?? new Store();
    this.inRecovery = options.standby !== undefined;
    this.wal = options.standby?.wal ?? primaryPositions(() => this.store.commitSeq);
    this.machine = { name: options.name, alive: true };
    this.life = { name: options.name, alive: true };
  }

  /** Whether it accepts connections. */
  get up(): boolean {
    return this.life.alive;
  }

  /** Opens a session for a client node. Null while the server is down; an error (53300) when it is full. */
  connect(client: string): Session | PostgresError | null {
    if (!this.up) return null;
    if (this.#slotsTaken.size > 0) {
      for (const taken of this.#slotsTaken) taken.refused++;
      return new PostgresError("53300", "sorry, too many clients already", { severity: "FATAL" });
    }
    const session = new Session(this, ++this.#lastBackend);
    this.#sessions.set(session.backend, session);
    this.#clients.set(session, client);
    return session;
  }

  /** Does this client node have a session? */
  hasBackend(client: string): boolean {
    return this.#backendOf(client) !== null;
  }

  /** What `pg_terminate_backend` does to one session of a client node; false if it has none. */
  terminateBackend(client: string): boolean {
    const session = this.#backendOf(client);
    session?.terminate(
      new PostgresError("57P01", "terminating connection due to administrator command", {
        severity: "FATAL",
      }),
    );
    return session !== null;
  }

  /** Nobody gets a new session until the answer is disposed. */
  takeSlots(): Disposable & { refused(): number } {
    const taken = { refused: 0 };
    this.#slotsTaken.add(taken);
    return { refused: () => taken.refused, [Symbol.dispose]: () => void this.#slotsTaken.delete(taken) };
  }

  /** The process is stopped: messages to it wait. Harmless when it is down. */
  pause(): void {
    if (!this.up) return;
    this.scheduler.pause(this.machine);
    this.scheduler.pause(this.life);
  }

  /** The process goes on. Harmless when it is not paused. */
  resume(): void {
    this.scheduler.resume(this.machine);
    this.scheduler.resume(this.life);
  }

  /** How many messages and timers wait for the paused process. */
  get waitingEvents(): number {
    return (this.machine.deferred?.length ?? 0) + (this.life.deferred?.length ?? 0);
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
    if (!this.inRecovery) this.store.crash();
    for (const session of sessions) session.onLost?.(null);
    // Whoever sent something to the paused process finds nobody there.
    this.resume();
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

  /** The oldest session of a client that is in a transaction, else its oldest one. */
  #backendOf(client: string): Session | null {
    const own = [...this.#sessions.values()].filter((session) => this.#clients.get(session) === client);
    return own.find((session) => session.inTransaction) ?? own[0] ?? null;
  }
}
