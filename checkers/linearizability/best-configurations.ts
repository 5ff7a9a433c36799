import { doubled } from "../doubled.ts";
import { STATE } from "./configuration-words.ts";
import type { StandIns } from "./stand-ins.ts";

/** Configurations of one moment, of which none can stand in for another. */
export class BestConfigurations {
  /** The configurations one after the other; one that was taken out has a state of −1. */
  words: Int32Array;
  /** What was written down of each of them. */
  summaries: Int32Array;
  /** Configurations written to `words`, those taken out included. */
  end = 0;
  readonly #standIns: StandIns;
  #next: Int32Array;
  #heads: Int32Array;

  constructor(standIns: StandIns) {
    this.#standIns = standIns;
    this.words = new Int32Array(standIns.stride * 64);
    this.summaries = new Int32Array(standIns.width * 64);
    this.#next = new Int32Array(64);
    this.#heads = new Int32Array(128).fill(-1);
  }

  /** Bytes taken. */
  get bytes(): number {
    const { words, summaries } = this;
    return 4 * (words.length + summaries.length + this.#next.length + this.#heads.length);
  }

  clear(): void {
    this.end = 0;
    this.#heads.fill(-1);
  }

  /** Adds a configuration unless one that is there can stand in for it. Takes out those that it can stand in for. */
  insert(source: Int32Array): void {
    // It is written behind the last one, and counts where it stays.
    this.#write(source);
    const { words, end } = this;
    this.#standIns.summarize(words, end * this.#standIns.stride, this.summaries, end * this.#standIns.width);
    const bucket = this.#standIns.hash(source, 0) & (this.#heads.length - 1);
    if (this.#isCovered(bucket)) return;
    this.#takeOut(bucket);
    this.#next[end] = this.#heads[bucket]!;
    this.#heads[bucket] = end;
    this.end++;
  }

  /** Adds a configuration of a set in which none can stand in for another; `insert` is not used before `clear`. */
  append(source: Int32Array): void {
    this.#write(source);
    this.end++;
  }

  #write(source: Int32Array): void {
    if (this.end === this.#next.length) this.#grow();
    const to = this.end * this.#standIns.stride;
    for (let word = 0; word < source.length; word++) this.words[to + word] = source[word]!;
  }

  /** Can one of a bucket stand in for the one behind the last? */
  #isCovered(bucket: number): boolean {
    for (let at = this.#heads[bucket]!; at >= 0; at = this.#next[at]!) {
      if (this.#standIns.standsIn(this, at, this.end)) return true;
    }
    return false;
  }

  /** Takes those out of a bucket for which the one behind the last can stand in. */
  #takeOut(bucket: number): void {
    let before = -1;
    for (let at = this.#heads[bucket]!; at >= 0; at = this.#next[at]!) {
      if (!this.#standIns.standsIn(this, this.end, at)) {
        before = at;
        continue;
      }
      this.words[at * this.#standIns.stride + STATE] = -1;
      if (before < 0) this.#heads[bucket] = this.#next[at]!;
      else this.#next[before] = this.#next[at]!;
    }
  }

  #grow(): void {
    const { stride } = this.#standIns;
    this.words = doubled(this.words);
    this.summaries = doubled(this.summaries);
    this.#next = new Int32Array(this.#next.length * 2);
    this.#heads = new Int32Array(this.#next.length * 2).fill(-1);
    for (let at = 0; at < this.end; at++) {
      if (this.words[at * stride + STATE]! < 0) continue;
      const bucket = this.#standIns.hash(this.words, at * stride) & (this.#heads.length - 1);
      this.#next[at] = this.#heads[bucket]!;
      this.#heads[bucket] = at;
    }
  }
}
