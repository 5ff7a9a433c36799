import type { SimEvent } from "./sim-event.ts";

/** A binary min-heap of events, ordered by time, then rank, then order of creation. O(log n) each. */
export class EventHeap {
  readonly #events: SimEvent[] = [];

  /** How many events wait, cancelled ones included. */
  get size(): number {
    return this.#events.length;
  }

  /** Adds an event. */
  push(event: SimEvent): void {
    const events = this.#events;
    let hole = events.length;
    events.push(event);
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      const above = events[parent]!;
      if (!isBefore(event, above)) break;
      events[hole] = above;
      hole = parent;
    }
    events[hole] = event;
  }

  /** The first event, or null when there is none. */
  peek(): SimEvent | null {
    return this.#events[0] ?? null;
  }

  /** Takes the first event, or null when there is none. */
  pop(): SimEvent | null {
    const events = this.#events;
    const first = events[0];
    const last = events.pop();
    if (first === undefined || last === undefined) return null;
    if (events.length > 0) this.#sink(last);
    return first;
  }

  #sink(event: SimEvent): void {
    const events = this.#events;
    const half = events.length >> 1;
    let hole = 0;
    while (hole < half) {
      let child = 2 * hole + 1;
      const right = child + 1;
      if (right < events.length && isBefore(events[right]!, events[child]!)) child = right;
      const below = events[child]!;
      if (!isBefore(below, event)) break;
      events[hole] = below;
      hole = child;
    }
    events[hole] = event;
  }
}

function isBefore(a: SimEvent, b: SimEvent): boolean {
  if (a.time !== b.time) return a.time < b.time;
  if (a.rank !== b.rank) return a.rank < b.rank;
  return a.sequence < b.sequence;
}
