import { firstAbove } from "./first-above.ts";
import type { History } from "./history.ts";

/**
 * The time of a history in which no fault is active, as stretches from the heal of a fault to the injection of the next
 * one. A fault that the history does not see healed is active to the end. n log n in the faults to build.
 */
export class QuietTime {
  /** Nanoseconds at which stretches begin and end, rising. */
  readonly #starts: number[] = [Number.NEGATIVE_INFINITY];
  readonly #ends: number[] = [];

  constructor(history: History) {
    const open = new Set<number>();
    for (const { id, event, time } of history.faults) {
      const wasQuiet = open.size === 0;
      if (event === "inject") open.add(id);
      else open.delete(id);
      if (wasQuiet && open.size > 0) this.#ends.push(time);
      else if (!wasQuiet && open.size === 0) this.#starts.push(time);
    }
    if (open.size === 0) this.#ends.push(Number.POSITIVE_INFINITY);
  }

  /**
   * The longest stretch without any fault between two moments, in nanoseconds; 0 where a fault was active all the time.
   * Logarithmic in the stretches, and linear in those between the moments.
   */
  longestNanos(from: number, to: number): number {
    let longest = 0;
    for (let at = firstAbove(this.#ends, from); at < this.#ends.length && this.#starts[at]! < to; at++) {
      longest = Math.max(longest, Math.min(to, this.#ends[at]!) - Math.max(from, this.#starts[at]!));
    }
    return longest;
  }
}
