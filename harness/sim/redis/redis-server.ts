import type { RandomStream } from "../../random/random-stream.ts";
import type { Scheduler } from "../scheduler.ts";
import { StoreHost } from "../store-host.ts";
import { SIM_EPOCH_MS } from "../virtual-clock.ts";
import { RedisStore } from "./redis-store.ts";

/** A session that waits for new entries in streams. */
export interface WaitingSession {
  /** A stream that it waits for has changed. */
  wake(key: string): void;
}

/** What a server is made of. */
export interface RedisServerOptions {
  readonly scheduler: Scheduler;
  /** For races of the server's own; there are none yet: it has one thread. */
  readonly random: RandomStream;
  /** Its node in the network. */
  readonly name: string;
  /**
   * What is left after a crash: everything (`appendfsync always`, the default) or nothing (neither
   * snapshots nor a log).
   */
  readonly persistence?: "all" | "none";
}

/**
 * A model of one Redis server: strings, hashes, streams with consumer groups, expiry on virtual time,
 * one command at a time. What it claims, and how that is proved against the real one:
 * docs/redis-model.md.
 */
export class RedisServer {
  readonly scheduler: Scheduler;
  readonly name: string;
  readonly host: StoreHost;
  readonly store: RedisStore;
  /** Commands that the model refused: a run that has any is a harness error, not a finding. */
  readonly refusals: Error[] = [];
  readonly #persistence: "all" | "none";
  /** Sessions that wait for new entries, by stream, in the order in which they began to wait. */
  readonly #waiting = new Map<string, Set<WaitingSession>>();

  constructor({ scheduler, name, persistence = "all" }: RedisServerOptions) {
    this.scheduler = scheduler;
    this.name = name;
    this.host = new StoreHost(scheduler, name);
    this.store = new RedisStore(() => SIM_EPOCH_MS + Math.floor(scheduler.now / 1e6));
    this.#persistence = persistence;
  }

  /** Whether its process exists; also while it is stopped. */
  get up(): boolean {
    return this.host.up;
  }

  /** The process dies at once: connections break; what stays is told by `persistence`. */
  crash(): void {
    if (!this.host.crash()) return;
    this.#waiting.clear();
    this.store.touchedStreams.clear();
    if (this.#persistence === "none") this.store.clear();
  }

  /** Accepts connections again. Harmless when it is up already. */
  restart(): void {
    this.host.restart();
  }

  /** SIGSTOP: messages arrive, nothing is answered. */
  pause(): void {
    this.host.pause();
  }

  /** SIGCONT: works off what has arrived. */
  resume(): void {
    this.host.resume();
  }

  /** Used by sessions: one waits for new entries in these streams. */
  wait(session: WaitingSession, keys: readonly string[]): void {
    for (const key of keys) {
      let sessions = this.#waiting.get(key);
      if (sessions === undefined) {
        sessions = new Set();
        this.#waiting.set(key, sessions);
      }
      sessions.add(session);
    }
  }

  /** Used by sessions: one no longer waits. */
  stopWaiting(session: WaitingSession, keys: readonly string[]): void {
    for (const key of keys) {
      const sessions = this.#waiting.get(key);
      sessions?.delete(session);
      if (sessions?.size === 0) this.#waiting.delete(key);
    }
  }

  /** Used by sessions after each command: serves those that wait for what it changed, first come first. */
  serveWaiting(): void {
    const { touchedStreams } = this.store;
    while (touchedStreams.size > 0) {
      const [key = ""] = touchedStreams;
      touchedStreams.delete(key);
      for (const session of [...(this.#waiting.get(key) ?? [])]) session.wake(key);
    }
  }
}
