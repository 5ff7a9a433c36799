import type { Scheduler } from "../scheduler.ts";
import type { Owner, SimEvent } from "../sim-event.ts";

/** A commit of the primary, as its log has it. */
interface LogEntry {
  /** When it happened at the primary. */
  readonly commitNs: number;
  /** When the replica can show it, by its own pace; null: not received yet. */
  readyNs: number | null;
}

/** What a replay needs. */
export interface ReplayOptions {
  readonly scheduler: Scheduler;
  /** How long the next commit takes from its arrival to its replay, in ns. */
  readonly drawLagNs: () => number;
  /** Commit number `seq`, counted from 1, is seen from now on. */
  readonly apply: (seq: number) => void;
}

/**
 * Replays a primary's commits in their order, none left out: each when its lag is over and the one
 * before it is replayed, and no sooner than the asked delay after it happened. Linear in the commits.
 */
export class Replay {
  readonly #options: ReplayOptions;
  readonly #log: LogEntry[] = [];
  readonly #first: number;
  #received: number;
  #applied: number;
  #paused = false;
  #delayNs = 0;
  #owner: Owner;
  #next: SimEvent | null = null;

  /** Begins behind the commit `start`, which it shows already. */
  constructor(options: ReplayOptions, owner: Owner, start: number) {
    this.#options = options;
    this.#owner = owner;
    this.#first = start;
    this.#received = start;
    this.#applied = start;
  }

  /** The last commit that has been replayed. */
  get applied(): number {
    return this.#applied;
  }

  /** The last commit that is in the primary's log. */
  get written(): number {
    return this.#first + this.#log.length;
  }

  /** The last commit that has arrived. */
  get received(): number {
    return this.#received;
  }

  /** The primary has committed once more. */
  write(): void {
    this.#log.push({ commitNs: this.#options.scheduler.now, readyNs: null });
  }

  /** The log has arrived up to and with commit `seq`. */
  receive(seq: number): void {
    const { scheduler, drawLagNs } = this.#options;
    while (this.#received < seq) {
      const entry = this.#entry(++this.#received);
      if (entry !== undefined) entry.readyNs = scheduler.now + drawLagNs();
    }
    this.#plan();
  }

  /** Replays nothing until {@link resume}. */
  pause(): void {
    this.#paused = true;
    this.#plan();
  }

  resume(): void {
    this.#paused = false;
    this.#plan();
  }

  setDelay(delayMs: number): void {
    this.#delayNs = delayMs * 1e6;
    this.#plan();
  }

  /** The server has a new life: what had arrived is on its disk, and its replay goes on, also where it was paused. */
  continueAs(owner: Owner): void {
    this.#owner = owner;
    this.#paused = false;
    this.#plan();
  }

  #entry(seq: number): LogEntry | undefined {
    return this.#log[seq - this.#first - 1];
  }

  /** One event at a time is planned: for the next commit in order. */
  #plan(): void {
    const { scheduler } = this.#options;
    if (this.#next !== null) scheduler.cancel(this.#next);
    this.#next = null;
    const entry = this.#entry(this.#applied + 1);
    if (this.#paused || !entry || entry.readyNs === null) return;
    const dueNs = Math.max(entry.readyNs, this.#delayNs === 0 ? 0 : entry.commitNs + this.#delayNs);
    this.#next = scheduler.schedule(dueNs - scheduler.now, "replay", () => this.#step(), {
      owner: this.#owner,
      cause: -1,
      internal: true,
    });
  }

  #step(): void {
    this.#next = null;
    this.#applied++;
    this.#options.apply(this.#applied);
    this.#plan();
  }
}
