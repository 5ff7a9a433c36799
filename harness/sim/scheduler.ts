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
  readonly #hop: () => Promise<void>;
  readonly #hash = new EventHash();
  #sequence = 0;

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

  /** The event will not run. Harmless when it ran already. */
  cancel(event: SimEvent): void {
    event.run = null;
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
  async drive(done: () => boolean, limits: DriveLimits): Promise<DriveEnd> {
    const lastEvent = this.executed + limits.events;
    await this.#hop();
    for (;;) {
      if (done()) return "done";
      const event = this.#heap.peek();
      if (event === null) {
        // What only settled promises so far may still be about to schedule something.
        await this.#hop();
        if (done()) return "done";
        if (this.#heap.size === 0) return "idle";
        continue;
      }
      const { run } = event;
      if (run !== null && event.owner.alive) {
        if (event.time > limits.timeNs) return "time-limit";
        if (this.executed >= lastEvent) return "event-limit";
      }
      this.#heap.pop();
      if (run === null || !event.owner.alive) continue;
      this.#execute(event, run);
      if (!event.internal) await this.#hop();
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
    run();
  }
}

function tickHop(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}

// Captured at load, so that a service whose globals are pinned to virtual time does not stop the loop.
const realSetImmediate = setImmediate;

function immediateHop(): Promise<void> {
  return new Promise((resolve) => {
    realSetImmediate(resolve);
  });
}
