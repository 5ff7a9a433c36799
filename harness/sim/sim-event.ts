/**
 * Whoever an event belongs to: one life of a process. When it is no longer `alive`, its events are
 * dropped unrun: the promises that a crashed process waits for never settle.
 */
export interface Owner {
  readonly name: string;
  alive: boolean;
  /** While it is paused: its events whose time has come, in order. See `Scheduler.pause`. */
  deferred?: SimEvent[] | null;
}

/** Something that will run at a moment of virtual time. */
export interface SimEvent {
  /** Virtual nanoseconds. Moved only when its owner goes on after a pause; so are rank and sequence. */
  time: number;
  /** Drawn; orders the events of one moment. */
  rank: number;
  /** Order of creation; orders events of equal time and rank. */
  sequence: number;
  readonly owner: Owner;
  /** The client operation that led to this event, or −1. */
  readonly cause: number;
  /** What it is, for the event log: `request user`, `timer`. */
  readonly label: string;
  /** True where only the harness's own synchronous code runs: no promise of user code can settle. */
  readonly internal: boolean;
  /** Null once it was cancelled. */
  run: (() => void) | null;
}
