import type { LaneOrder } from "./lane-order.ts";

/** First word of a configuration: number of the state that the object is in. */
export const STATE = 0;
/** Second word: the call that brought the object into that state, −1 for the start. Never compared. */
export const SETTER = 1;
/** Where the bit sets begin. */
export const BITS = 2;

/**
 * A set of configurations: what can have happened up to a moment, as far as it matters later. A
 * configuration is a few words: the state; the bits of open calls that still must take effect before they
 * return (*obliged*); the bits of open calls that still can take effect (*able*); and for each class of
 * equal calls of unknown outcome how many took effect (*used*, seven bits each, four to a word).
 *
 * A configuration dominates another of the same state that is obliged to at least as much, able to at most
 * as much, and has used at least as many calls of unknown outcome: whatever can follow the other can
 * follow it, too. Only configurations that no other dominates are kept. Compared with all of its state.
 */
export class ConfigurationSet {
  /** Words of a configuration. */
  readonly stride: number;
  /** Words of each of the two bit sets. */
  readonly bitWords: number;
  /** The configurations one after the other; one that was dominated later has a state of −1. */
  words: Int32Array;
  /** Configurations written to `words`, those dominated later included. */
  end = 0;
  /** Configurations in the set. */
  size = 0;
  #next: Int32Array;
  /** By state: the configuration that was added last; valid where its stamp is the current one. */
  #heads: Int32Array;
  #stamps: Int32Array;
  #stamp = 1;

  readonly #order: LaneOrder | null;

  /** `order`: which calls of unknown outcome can stand in for which; null: none but equal ones. */
  constructor(bitWords: number, usedWords: number, order: LaneOrder | null) {
    this.#order = order;
    this.bitWords = bitWords;
    this.stride = BITS + 2 * bitWords + usedWords;
    this.words = new Int32Array(this.stride * 8);
    this.#next = new Int32Array(8);
    this.#heads = new Int32Array(16);
    this.#stamps = new Int32Array(16);
  }

  /** Bytes taken. */
  get bytes(): number {
    return 4 * (this.words.length + this.#next.length + 2 * this.#heads.length);
  }

  clear(): void {
    this.end = 0;
    this.size = 0;
    this.#stamp++;
  }

  /** Adds the configuration at `from` of `source` unless one in the set dominates it. Was it added? */
  insert(source: Int32Array, from: number): boolean {
    const state = source[from + STATE]!;
    if (state >= this.#heads.length) this.#growStates(state);
    const isKnown = this.#stamps[state] === this.#stamp;
    if (isKnown && this.#isDominated(source, from, state)) return false;
    if (this.end === this.#next.length) this.#grow();
    const { words, stride } = this;
    const to = this.end * stride;
    for (let word = 0; word < stride; word++) words[to + word] = source[from + word]!;
    this.#next[this.end] = isKnown ? this.#heads[state]! : -1;
    this.#stamps[state] = this.#stamp;
    this.#heads[state] = this.end++;
    this.size++;
    return true;
  }

  /**
   * Leaves the most promising configurations of each state only: those that have used the fewest calls of
   * unknown outcome. Nothing can be added before the set is cleared.
   */
  keepBest(width: number): void {
    const { words, stride } = this;
    const cost = new Int32Array(this.end);
    const usedAt = BITS + 2 * this.bitWords;
    const order: number[] = [];
    for (let at = 0; at < this.end; at++) {
      if (words[at * stride + STATE]! < 0) continue;
      for (let word = usedAt; word < stride; word++) {
        cost[at]! += (Math.imul(words[at * stride + word]!, 0x01010101) >>> 24) * 32;
      }
      for (let word = BITS; word < BITS + this.bitWords; word++) {
        cost[at]! += bitCount(words[at * stride + word]!);
        cost[at]! -= bitCount(words[at * stride + word + this.bitWords]!);
      }
      order.push(at);
    }
    order.sort((a, b) => cost[a]! - cost[b]! || a - b);
    for (const at of order.slice(width)) words[at * stride + STATE] = -1;
    this.size = Math.min(this.size, width);
  }

  /** Is the candidate dominated? If not, those that it dominates are taken out. */
  #isDominated(source: Int32Array, from: number, state: number): boolean {
    const next = this.#next;
    let before = -1;
    for (let at = this.#heads[state]!; at >= 0; at = next[at]!) {
      const order = this.#compare(at * this.stride, source, from);
      if (order === 1) return true;
      if (order === 0) {
        before = at;
        continue;
      }
      this.words[at * this.stride + STATE] = -1;
      this.size--;
      if (before < 0) this.#heads[state] = next[at]!;
      else next[before] = next[at]!;
    }
    return false;
  }

  /** 1: the one in the set dominates (or is the same); −1: the candidate does; 0: neither. */
  #compare(own: number, source: Int32Array, from: number): number {
    const { words, bitWords, stride } = this;
    let mine = true;
    let theirs = true;
    let word = BITS;
    for (let end = BITS + bitWords; word < end; word++) {
      const a = words[own + word]!;
      const b = source[from + word]!;
      if (a === b) continue;
      if ((a & ~b) !== 0) mine = false;
      if ((b & ~a) !== 0) theirs = false;
      if (!mine && !theirs) return 0;
    }
    for (let end = BITS + 2 * bitWords; word < end; word++) {
      const a = words[own + word]!;
      const b = source[from + word]!;
      if (a === b) continue;
      if ((b & ~a) !== 0) mine = false;
      if ((a & ~b) !== 0) theirs = false;
      if (!mine && !theirs) return 0;
    }
    return word === stride ? (mine ? 1 : -1) : this.#compareUsed(own, source, from, mine, theirs);
  }

  /** The same for the counts. */
  #compareUsed(own: number, source: Int32Array, from: number, mine: boolean, theirs: boolean): number {
    const { words, stride } = this;
    let isLess = true;
    let isMore = true;
    for (let word = BITS + 2 * this.bitWords; word < stride; word++) {
      const a = words[own + word]!;
      const b = source[from + word]!;
      if (a === b) continue;
      // Four counts side by side: the eighth bit of each stays set where nothing had to be borrowed.
      if ((((b | eighths) - a) & eighths) !== eighths) isLess = false;
      if ((((a | eighths) - b) & eighths) !== eighths) isMore = false;
      if (!isLess && !isMore) break;
    }
    if (mine && isLess) return 1;
    if (theirs && isMore) return -1;
    const order = this.#order;
    if (order === null) return 0;
    if (mine && order.covers(words, own, source, from)) return 1;
    return theirs && order.covers(source, from, words, own) ? -1 : 0;
  }

  #grow(): void {
    const capacity = this.#next.length * 2;
    const words = new Int32Array(capacity * this.stride);
    words.set(this.words);
    this.words = words;
    const next = new Int32Array(capacity);
    next.set(this.#next);
    this.#next = next;
  }

  #growStates(state: number): void {
    const length = Math.max(state + 1, this.#heads.length * 2);
    const heads = new Int32Array(length);
    heads.set(this.#heads);
    this.#heads = heads;
    const stamps = new Int32Array(length);
    stamps.set(this.#stamps);
    this.#stamps = stamps;
  }
}

const eighths = 0x80808080 | 0;

function bitCount(bits: number): number {
  let count = 0;
  for (let left = bits; left !== 0; left &= left - 1) count++;
  return count;
}
