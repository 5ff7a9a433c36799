import type { Scheduler } from "./scheduler.ts";
import type { Owner } from "./sim-event.ts";

/** The server's side of one open connection. */
export interface HostedConnection {
  /** The server died under it. */
  lost(): void;
}

/**
 * A machine with one server process on it: up or down, running or stopped (SIGSTOP). What arrives while
 * the process is stopped waits, as bytes wait in a socket's buffer, and is worked off in order when the
 * process goes on. A crash ends a stopped process too; what it had not read is lost.
 */
export class StoreHost {
  readonly scheduler: Scheduler;
  readonly name: string;
  /** The machine: receives messages also while the server is down. */
  readonly machine: Owner;
  /** The running server; a new one after every restart. */
  life: Owner;
  /** Clients that are connected. */
  readonly connections: Set<HostedConnection> = new Set();
  #paused = false;
  readonly #backlog: { readonly work: () => void; readonly died: () => void }[] = [];

  constructor(scheduler: Scheduler, name: string) {
    this.scheduler = scheduler;
    this.name = name;
    this.machine = { name, alive: true };
    this.life = { name, alive: true };
  }

  /** Whether the process exists; also while it is stopped. */
  get up(): boolean {
    return this.life.alive;
  }

  /** Whether the process is stopped. */
  get paused(): boolean {
    return this.#paused;
  }

  /** Does what a message asks for: now, or when the process goes on; `died` if it dies before. */
  receive(work: () => void, died: () => void = () => {}): void {
    if (this.#paused) this.#backlog.push({ work, died });
    else work();
  }

  /** The process dies at once, and all connections with it. False if it was down. */
  crash(): boolean {
    if (!this.up) return false;
    this.life.alive = false;
    this.#paused = false;
    const unread = this.#backlog.splice(0);
    const connections = [...this.connections];
    this.connections.clear();
    for (const connection of connections) connection.lost();
    for (const { died } of unread) died();
    return true;
  }

  /** A new process accepts connections. Harmless when it is up already. */
  restart(): void {
    if (!this.up) this.life = { name: this.name, alive: true };
  }

  /** SIGSTOP. Harmless when it is down or stopped already. */
  pause(): void {
    if (this.up) this.#paused = true;
  }

  /** SIGCONT: works off what has arrived meanwhile. Harmless when it is not stopped. */
  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    for (const { work } of this.#backlog.splice(0)) work();
  }
}
