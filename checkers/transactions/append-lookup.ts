import type { Json } from "../history/operation.ts";
import type { ListTransactions } from "./list-transactions.ts";
import { ABORTED } from "./register-transactions.ts";

/** Widest range of elements, a multiple of their number and some more, that is looked up in an array. */
const rangePerAppend = 32;
const rangeAtLeast = 256;

/**
 * Finds the append of an element to one key. Made once, loaded key by key: where the elements of a key are
 * whole numbers close to each other, as counters are, an array that stays in the cache does; else a `Map`.
 */
export class AppendLookup {
  readonly #txns: ListTransactions;
  #direct: Int32Array = new Int32Array(4 * rangeAtLeast);
  #least = 0;
  #range = 0;
  readonly #map = new Map<number, number>();

  constructor(txns: ListTransactions) {
    this.#txns = txns;
  }

  /**
   * Loads the appends from `start` to `end − 1` of the list. Answers the first two appends of one element
   * that may both have happened, or null. One that was aborted gives way to one that was not.
   */
  load(appends: Int32Array, start: number, end: number): readonly [number, number] | null {
    const { token, isOther } = this.#txns;
    let least = Number.POSITIVE_INFINITY;
    let most = Number.NEGATIVE_INFINITY;
    for (let at = start; at < end; at++) {
      const append = appends[at]!;
      if (isOther[append] === 1) most = Number.POSITIVE_INFINITY;
      const value = token[append]!;
      if (value < least) least = value;
      if (value > most) most = value;
    }
    const range = most - least + 1;
    const isClose = start < end && range <= rangePerAppend * (end - start) + rangeAtLeast;
    this.#least = least;
    this.#range = isClose ? range : 0;
    this.#map.clear();
    if (isClose) {
      if (range > this.#direct.length) this.#direct = new Int32Array(2 * range);
      this.#direct.fill(-1, 0, range);
    }
    for (let at = start; at < end; at++) {
      const append = appends[at]!;
      const code = token[append]! + 0.5 * isOther[append]!;
      const known = isClose ? this.#direct[code - least]! : (this.#map.get(code) ?? -1);
      if (known >= 0) {
        if (!this.#isAborted(known) && !this.#isAborted(append)) return [known, append];
        if (this.#isAborted(append)) continue;
      }
      if (isClose) this.#direct[code - least] = append;
      else this.#map.set(code, append);
    }
    return null;
  }

  /** The append of that element to the loaded key; −1 where nobody appended it. */
  find(element: Json): number {
    if (this.#range > 0) {
      if (typeof element !== "number") return -1;
      const at = element - this.#least;
      return at >= 0 && at < this.#range ? (this.#direct[at] ?? -1) : -1;
    }
    return this.#map.get(this.#txns.codeOf(element)) ?? -1;
  }

  #isAborted(append: number): boolean {
    return this.#txns.outcome[this.#txns.owner[append]!] === ABORTED;
  }
}
