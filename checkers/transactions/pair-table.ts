import { identityOf } from "../history/json-value.ts";
import type { Json } from "../history/operation.ts";

/**
 * Gives each distinct pair of a small number and a JSON value a number, in the order of first sight. Open
 * addressing in typed arrays: no object and no text is made where the value is a whole number of 32 bits.
 * Constant time a call.
 */
export class PairTable {
  /** How many pairs there are. */
  size = 0;
  /** The first half of each pair. */
  left: Int32Array;
  /** What stands for the second half: the number itself, or its place in the list of others. */
  #token: Int32Array;
  /** 1 where the token is a place in the list of others. */
  #isOther: Uint8Array;
  /** Number of the pair plus one; 0: free. */
  #slots: Int32Array;
  readonly #others: Json[] = [];
  readonly #places = new Map<string | number | boolean | null, number>();

  /** A table with room for `room` pairs at first, a power of two. */
  constructor(room: number) {
    this.left = new Int32Array(room);
    this.#token = new Int32Array(room);
    this.#isOther = new Uint8Array(room);
    this.#slots = new Int32Array(2 * room);
  }

  /** The second half of a pair. */
  valueOf(pair: number): Json {
    const token = this.#token[pair]!;
    return this.#isOther[pair] === 1 ? this.#others[token]! : token;
  }

  /** The number of a pair; a new one at first sight. `left` is a whole number from 0. */
  intern(left: number, value: Json): number {
    const isWhole = typeof value === "number" && (value | 0) === value;
    const token = isWhole ? (value as number) : this.#otherOf(value);
    const isOther = isWhole ? 0 : 1;
    const mask = this.#slots.length - 1;
    let slot = hashOf(left, token + isOther * 0x2c1b3c6d) & mask;
    for (;;) {
      const pair = this.#slots[slot]! - 1;
      if (pair < 0) break;
      const isSame = this.#token[pair] === token && this.left[pair] === left;
      if (isSame && this.#isOther[pair] === isOther) return pair;
      slot = (slot + 1) & mask;
    }
    const pair = this.size++;
    this.#slots[slot] = pair + 1;
    this.left[pair] = left;
    this.#token[pair] = token;
    this.#isOther[pair] = isOther;
    if (this.size === this.left.length) this.#grow();
    return pair;
  }

  #otherOf(value: Json): number {
    const identity = identityOf(value);
    const known = this.#places.get(identity);
    if (known !== undefined) return known;
    const place = this.#others.length;
    this.#places.set(identity, place);
    this.#others.push(value);
    return place;
  }

  /** Doubles the room; the table is never more than half full. */
  #grow(): void {
    const { size } = this;
    this.left = withRoom(this.left, size * 2);
    this.#token = withRoom(this.#token, size * 2);
    const isOther = new Uint8Array(size * 2);
    isOther.set(this.#isOther);
    this.#isOther = isOther;
    const slots = new Int32Array(size * 4);
    const mask = slots.length - 1;
    for (let pair = 0; pair < size; pair++) {
      let slot = hashOf(this.left[pair]!, this.#token[pair]! + isOther[pair]! * 0x2c1b3c6d) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = pair + 1;
    }
    this.#slots = slots;
  }
}

/** The same numbers with room for more. */
export function withRoom(from: Int32Array, length: number): Int32Array {
  const to = new Int32Array(length);
  to.set(from);
  return to;
}

/** Mixes two numbers so that neighbours end up far apart. */
function hashOf(left: number, right: number): number {
  let mixed = Math.imul(left, 0x9e3779b1) ^ Math.imul(right | 0, 0x85ebca6b);
  mixed ^= mixed >>> 15;
  mixed = Math.imul(mixed, 0x7feb352d);
  return mixed ^ (mixed >>> 13);
}
