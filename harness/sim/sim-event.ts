/**
 * Whoever an event belongs to: one life of a process. When it is no longer `alive`, its events are
 * dropped unrun: the promises that a crashed process waits for never settle.
 */
export interface Owner {
  readonly name: string;
  alive: boolean;
}

/** Something that will run at a moment of virtual time. */
export interface SimEvent {
  /** Virtual nanoseconds. */
  readonly time: number;
  /** Drawn; orders the events of one moment. */
  readonly rank: number;
  /** Order of creation; orders events of equal time and rank. */
  readonly sequence: number;
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
