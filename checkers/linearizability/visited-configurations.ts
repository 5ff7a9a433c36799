/** Words before the bits: the position of the return that is due, and the number of the state. */
export const POSITION = 0;
/** Second word of a configuration. */
export const STATE = 1;
/** Where the bits begin. */
export const BITS = 2;

/**
 * The configurations that a search has gone on from: each is a few words: the return that is due, the state,
 * the bits of open calls that still must take effect, and for each class of equal calls of unknown outcome
 * how many took effect (seven bits each, four to a word). So a configuration is as large as the window of open
 * calls and does not grow with the history.
 *
 * A configuration that differs from another only in that it has used fewer calls of unknown outcome can be
 * followed by whatever can follow the other: there is no need to go on from the other, too.
 */
export class VisitedConfigurations {
  /** Words of a configuration. */
  readonly stride: number;
  /** The configurations one after the other. */
  words: Int32Array;
  /** How many there are. */
  size = 0;
  readonly #usedAt: number;
  #next: Int32Array;
  #heads: Int32Array;

  constructor(bitWords: number, usedWords: number) {
    this.#usedAt = BITS + bitWords;
    this.stride = this.#usedAt + usedWords;
    this.words = new Int32Array(this.stride * 64);
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
    const bucket = this.#hash(source, from) & (this.#heads.length - 1);
    for (let at = this.#heads[bucket]!; at >= 0; at = this.#next[at]!) {
      if (this.#standsIn(at * this.stride, source, from)) return false;
    }
    const to = this.size * this.stride;
    for (let word = 0; word < this.stride; word++) this.words[to + word] = source[from + word]!;
    this.#next[this.size] = this.#heads[bucket]!;
    this.#heads[bucket] = this.size++;
    return true;
  }

  #standsIn(own: number, source: Int32Array, from: number): boolean {
    const { words, stride } = this;
    let word = 0;
    for (; word < this.#usedAt; word++) if (words[own + word] !== source[from + word]) return false;
    for (; word < stride; word++) {
      const used = words[own + word]!;
      const other = source[from + word]!;
      // Four counts side by side: the eighth bit of each stays set where nothing had to be borrowed.
      if (used !== other && (((other | eighths) - used) & eighths) !== eighths) return false;
    }
    return true;
  }

  #hash(words: Int32Array, from: number): number {
    let hash = 0;
    for (let word = from, end = from + this.#usedAt; word < end; word++) {
      hash = Math.imul(hash ^ words[word]!, 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    return hash;
  }

  #grow(): void {
    const capacity = this.#next.length * 2;
    const words = new Int32Array(capacity * this.stride);
    words.set(this.words);
    this.words = words;
    this.#next = new Int32Array(capacity);
    this.#heads = new Int32Array(capacity * 2).fill(-1);
    for (let at = 0; at < this.size; at++) {
      const bucket = this.#hash(words, at * this.stride) & (this.#heads.length - 1);
      this.#next[at] = this.#heads[bucket]!;
      this.#heads[bucket] = at;
    }
  }
}

const eighths = 0x80808080 | 0;
