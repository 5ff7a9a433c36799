import { NumberTable } from "./number-table.ts";

/** Most pairs that can be for a bit for each to be kept: 16 MB. */
const bitsMax = 2 ** 27;

/** A set of pairs of whole numbers: bits where all pairs that there can be are few, else a table of those that are in. */
export class PairSet {
  readonly #width: number;
  readonly #bits: Uint8Array | null;
  readonly #table = new NumberTable();

  /** For pairs of a number below `height` and one below `width`. */
  constructor(height: number, width: number) {
    this.#width = width;
    this.#bits = height * width <= bitsMax ? new Uint8Array((height * width + 7) >> 3) : null;
  }

  /** Is the pair in the set? Constant time. */
  has(high: number, low: number): boolean {
    const pair = high * this.#width + low;
    if (this.#bits === null) return this.#table.find(pair) >= 0;
    return (this.#bits[pair >> 3]! & (1 << (pair & 7))) !== 0;
  }

  /** Puts the pair into the set; false where it was there already. Constant time. */
  add(high: number, low: number): boolean {
    const pair = high * this.#width + low;
    if (this.#bits === null) {
      const { size } = this.#table;
      return this.#table.intern(pair) === size;
    }
    const bit = 1 << (pair & 7);
    if ((this.#bits[pair >> 3]! & bit) !== 0) return false;
    this.#bits[pair >> 3]! |= bit;
    return true;
  }
}
