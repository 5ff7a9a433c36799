import type { RandomStream } from "../random/random-stream.ts";
import { EventHash } from "./event-hash.ts";
import { EventHeap } from "./event-heap.ts";
import type { Owner, SimEvent } from "./sim-event.ts";

/** What may be said about an event; what is left out is inherited from the event that schedules it. */
export interface EventOptions {
  readonly owner?: Owner;
  readonly cause?: number;
  readonly internal?: boolean;
}

/**
 * How promises are drained between two events: `tick` (one `process.nextTick` hop, fast; enough for
 * code that only chains promises) or `immediate` (a turn of the event loop; also for code that uses
 * streams or `process.nextTick` itself).
 */
export type DrainMode = "tick" | "immediate";

/** A rank below every drawn one. */
const BEFORE_ALL = -1;

/** Why {@link Scheduler.drive} returned. */
export type DriveEnd = "done" | "idle" | "event-limit" | "time-limit";

/** Bounds of one call of {@link Scheduler.drive}; both are harness errors when they are hit. */
export interface DriveLimits {
  readonly events: number;
  /** Virtual time. */
  readonly timeNs: number;
}

/**
 * The heart of the sim lane: one heap of events ordered by (virtual time, seeded rank). Pops one event,
 * runs it, drains all promises that it settled, and only then pops the next: the seed decides every
 * interleaving. While an event runs, `owner` and `cause` say on whose behalf.
 */
export class Scheduler {
  /** Virtual nanoseconds since the start. */
  now = 0;
  /** The owner of the event that runs now. */
  owner: Owner;
  /** The client operation on whose behalf the current event runs, or −1. */
  cause = -1;
  /** Events that were run. */
  executed = 0;
  readonly #heap = new EventHeap();
  readonly #ranks: RandomStream;
  readonly #hop: (next: () => void) => void;
  readonly #hash = new EventHash();
  #sequence = 0;
  #settles = false;

  /** `root` owns what is scheduled from outside of any event. */
  constructor(ranks: RandomStream, root: Owner, drain: DrainMode) {
    this.#ranks = ranks;
    this.owner = root;
    this.#hop = drain === "tick" ? tickHop : immediateHop;
  }

  /** Runs `run` after `delayNs` of virtual time, unless its owner dies or it is cancelled before. */
  schedule(delayNs: number, label: string, run: () => void, options: EventOptions = {}): SimEvent {
    const event: SimEvent = {
      time: this.now + Math.max(0, Math.round(delayNs)),
      rank: this.#ranks.bits(),
      sequence: this.#sequence++,
      owner: options.owner ?? this.owner,
      cause: options.cause ?? this.cause,
      label,
      internal: options.internal ?? false,
      run,
    };
    this.#heap.push(event);
    return event;
  }

  /** The rest of the current event runs on behalf of this owner and, where given, of this operation. */
  adopt(owner: Owner, cause: number = this.cause): void {
    this.owner = owner;
    this.cause = cause;
  }

  /** Promises must be drained after the current event, although it was scheduled as internal. */
  drainAfterwards(): void {
    this.#settles = true;
  }

  /** The event will not run. Harmless when it ran already. */
  cancel(event: SimEvent): void {
    event.run = null;
  }

  /**
   * From now on no event of this owner runs: those whose time comes wait in order, messages and timers
   * alike, as they do for a process that got SIGSTOP. False if it is dead or paused.
   */
  pause(owner: Owner): boolean {
    if (!owner.alive || owner.deferred) return false;
    owner.deferred = [];
    return true;
  }

  /**
   * The owner goes on: what waited runs now, in the order in which it would have run, before anything
   * else of this moment. Harmless when it is not paused.
   */
  resume(owner: Owner): void {
    const deferred = owner.deferred ?? [];
    owner.deferred = null;
    for (const event of deferred) {
      if (event.run === null || !owner.alive) continue;
      event.time = this.now;
      event.rank = BEFORE_ALL;
      event.sequence = this.#sequence++;
      this.#heap.push(event);
    }
  }

  /** Settles after `delayNs` of virtual time; never, if the current owner dies before. */
  sleep(delayNs: number, label = "sleep"): Promise<void> {
    return new Promise((resolve) => {
      this.schedule(delayNs, label, resolve);
    });
  }

  /**
   * Runs events until `done()` is true, nothing is left to run, or a limit is reached. Must not be
   * called by code that runs inside an event.
   */
  drive(done: () => boolean, limits: DriveLimits): Promise<DriveEnd> {
    const lastEvent = this.executed + limits.events;
    return new Promise((resolve, reject) => {
      let drained = false;
      const step = () => {
        try {
          const end = this.#turn(done, limits.timeNs, lastEvent, drained);
          if (typeof end === "string") {
            resolve(end);
            return;
          }
          drained = end;
          this.#hop(step);
        } catch (error) {
          reject(error);
        }
      };
      // As a continuation, so that the first hop drains like all others.
      void settled.then(() => this.#hop(step));
    });
  }

  /**
   * Runs events up to and including the first one after which promises must be drained: false. True
   * when the heap was found empty: what only settled promises so far may still be about to schedule
   * something, so one more hop follows, and `drained` says that it has happened.
   */
  #turn(done: () => boolean, timeNs: number, lastEvent: number, drained: boolean): DriveEnd | boolean {
    for (;;) {
      if (done()) return "done";
      const event = this.#heap.peek();
      if (event === null) return drained ? "idle" : true;
      const { run, owner } = event;
      if (run === null || !owner.alive) {
        this.#heap.pop();
        continue;
      }
      if (event.time > timeNs) return "time-limit";
      if (owner.deferred) {
        owner.deferred.push(event);
        this.#heap.pop();
        continue;
      }
      if (this.executed >= lastEvent) return "event-limit";
      this.#heap.pop();
      this.#execute(event, run);
      if (!event.internal || this.#settles) return false;
    }
  }

  /** A hash of every event that ran: time, owner and label of each, in order. 16 hexadecimal digits. */
  eventLogHash(): string {
    return this.#hash.digest();
  }

  #execute(event: SimEvent, run: () => void): void {
    this.now = event.time;
    this.owner = event.owner;
    this.cause = event.cause;
    this.executed++;
    this.#hash.add(event.time, event.owner.name, event.label);
    event.run = null;
    this.#settles = false;
    run();
  }
}

// Captured at load, so that a service whose globals are pinned to virtual time does not stop the loop.
const realSetImmediate = setImmediate;

const settled = Promise.resolve();

/**
 * Ticks that are queued by ticks run before promises are drained, ticks queued by promises after: so
 * `next` must run as a promise's continuation, as everything does that it schedules from.
 */
function tickHop(next: () => void): void {
  process.nextTick(() => {
    void settled.then(next);
  });
}

function immediateHop(next: () => void): void {
  realSetImmediate(next);
}
