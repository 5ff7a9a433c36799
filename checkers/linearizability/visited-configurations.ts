import { doubled } from "../doubled.ts";
import type { StandIns } from "./stand-ins.ts";

/** The configurations that a search has gone on from, but for those that another one could stand in for. */
export class VisitedConfigurations {
  /** The configurations one after the other. */
  words: Int32Array;
  /** How many there are. */
  size = 0;
  readonly #standIns: StandIns;
  #next: Int32Array;
  #heads: Int32Array;

  constructor(standIns: StandIns) {
    this.#standIns = standIns;
    this.words = new Int32Array(standIns.stride * 64);
    this.#next = new Int32Array(64);
    this.#heads = new Int32Array(128).fill(-1);
  }

  /** Bytes taken. */
  get bytes(): number {
    return 4 * (this.words.length + this.#next.length + this.#heads.length);
  }

  /** Adds the configuration at `from` of `source` unless one that is there can stand in for it. Was it added? */
  insert(source: Int32Array, from: number): boolean {
    if (this.size === this.#next.length) this.#grow();
    const { stride } = this.#standIns;
    const bucket = this.#standIns.plainHash(source, from) & (this.#heads.length - 1);
    for (let at = this.#heads[bucket]!; at >= 0; at = this.#next[at]!) {
      if (this.#standIns.standsInPlainly(this.words, at * stride, source, from)) return false;
    }
    const to = this.size * stride;
    for (let word = 0; word < stride; word++) this.words[to + word] = source[from + word]!;
    this.#next[this.size] = this.#heads[bucket]!;
    this.#heads[bucket] = this.size++;
    return true;
  }

  #grow(): void {
    const { stride } = this.#standIns;
    const capacity = this.#next.length * 2;
    this.words = doubled(this.words);
    this.#next = new Int32Array(capacity);
    this.#heads = new Int32Array(capacity * 2).fill(-1);
    for (let at = 0; at < this.size; at++) {
      const bucket = this.#standIns.plainHash(this.words, at * stride) & (this.#heads.length - 1);
      this.#next[at] = this.#heads[bucket]!;
      this.#heads[bucket] = at;
    }
  }
}
