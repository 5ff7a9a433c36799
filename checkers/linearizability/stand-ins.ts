import { CallExchange } from "./call-exchange.ts";
import type { CallWindow } from "./call-window.ts";
import { BITS } from "./configuration-words.ts";
import type { SearchedObject } from "./searched-object.ts";
import { ALONE, EXCHANGED } from "./stand-in-groups.ts";

/**
 * Which configurations of a moment can stand in for which: what can follow the one that is stood in for can follow the
 * other, too, so that there is no need to go on from both. That is so where the one still must do no other reads, and its
 * *effects* can stand in: they are the same but for fewer calls of unknown outcome, or {@link CallExchange} says so.
 */
export class StandIns {
  /** Words of a configuration. */
  readonly stride: number;
  /** Numbers of a summary. */
  readonly width: number;
  /** The word after the bits of calls that only the same can stand in for, after those of all that are no reads, and after all. */
  readonly #aloneEnd: number;
  readonly #readsAt: number;
  readonly #usedAt: number;
  readonly #usedEnd: number;
  readonly #exchange: CallExchange;
  /** By word of the counts: the bits of those that are not exchanged. */
  readonly #plain: Int32Array;

  constructor({ calls, sums, plan }: SearchedObject, window: CallWindow) {
    const { bitWords, groupEnds, usedWords } = plan;
    this.#exchange = new CallExchange(calls, sums, plan, window);
    this.width = this.#exchange.width;
    this.#plain = new Int32Array(usedWords);
    for (const [byte, mask] of this.#exchange.plainBytes.entries())
      this.#plain[byte >> 2]! |= mask << (8 * (byte & 3));
    this.#aloneEnd = BITS + groupEnds[ALONE]!;
    this.#readsAt = BITS + (groupEnds[EXCHANGED] ?? groupEnds[ALONE]!);
    this.#usedAt = BITS + bitWords + 1;
    this.#usedEnd = this.#usedAt + usedWords;
    this.stride = this.#usedEnd + 1;
  }

  /** A number that is the same for all configurations that can stand in for each other. */
  hash(words: Int32Array, from: number): number {
    return hashOf(words, from, from + this.#aloneEnd);
  }

  /** The same for those that {@link standsInPlainly}. */
  plainHash(words: Int32Array, from: number): number {
    return hashOf(words, from, from + this.#readsAt);
  }

  /** What follows is asked of configurations of the moment where the window is. */
  come(): void {
    this.#exchange.come();
  }

  /** Writes down what is compared first of a configuration. */
  summarize(words: Int32Array, from: number, summary: Int32Array, to: number): void {
    this.#exchange.summarize(words, from, summary, to);
  }

  /** Can the one stand in for the other, both of the same configurations? */
  standsIn({ words, summaries }: SummedUp, own: number, other: number): boolean {
    const { stride, width } = this;
    const [a, b] = [own * stride, other * stride];
    if (!this.#readsStandIn(words, a, words, b)) return false;
    if (!this.#exchange.maySuffice(summaries, own * width, other * width)) return false;
    for (let word = 0; word < this.#aloneEnd; word++) if (words[a + word] !== words[b + word]) return false;
    for (let word = 0; word < this.#plain.length; word++) {
      const bits = this.#plain[word]!;
      const at = this.#usedAt + word;
      if (!isAtMost(words[a + at]! & bits, words[b + at]! & bits)) return false;
    }
    return this.#exchange.isInTime(words, a, b);
  }

  /** Must the one do no read that the other need not do, too? */
  #readsStandIn(own: Int32Array, ownAt: number, other: Int32Array, otherAt: number): boolean {
    for (let word = this.#readsAt; word < this.#usedAt; word++) {
      if ((own[ownAt + word]! & ~other[otherAt + word]!) !== 0) return false;
    }
    return true;
  }

  /** Can the one stand in for the other without that calls are exchanged? That is found out sooner. */
  standsInPlainly(own: Int32Array, ownAt: number, other: Int32Array, otherAt: number): boolean {
    for (let word = 0; word < this.#readsAt; word++) {
      if (own[ownAt + word] !== other[otherAt + word]) return false;
    }
    for (let word = this.#usedAt; word < this.#usedEnd; word++) {
      if (!isAtMost(own[ownAt + word]!, other[otherAt + word]!)) return false;
    }
    return this.#readsStandIn(own, ownAt, other, otherAt);
  }
}

/** Configurations one after the other, and what was written down of them. */
export interface SummedUp {
  readonly words: Int32Array;
  readonly summaries: Int32Array;
}

const eighths = 0x80808080 | 0;

/** Is each of four counts side by side at most the other? The eighth bit of each stays set where nothing had to be borrowed. */
function isAtMost(own: number, other: number): boolean {
  return own === other || (((other | eighths) - own) & eighths) === eighths;
}

function hashOf(words: Int32Array, from: number, end: number): number {
  let hash = 0;
  for (let word = from; word < end; word++) {
    hash = Math.imul(hash ^ words[word]!, 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  return hash;
}
