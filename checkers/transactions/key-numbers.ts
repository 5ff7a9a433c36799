import { withRoom } from "./pair-table.ts";

/** Whole numbers below this are looked up in an array; all other keys in a `Map`. */
const directMax = 1 << 22;

/** Gives each distinct key a small number, in the order of first sight; 1 and "1" are two keys. Constant time a call. */
export class KeyNumbers {
  readonly keys: (string | number)[] = [];
  /** Number plus one of each key that is a small whole number. */
  #direct: Int32Array = new Int32Array(64);
  readonly #others = new Map<string | number, number>();

  /** The number of `key`; a new one at first sight. */
  intern(key: string | number): number {
    if (typeof key === "number" && key >= 0 && key < directMax && (key | 0) === key) {
      if (key >= this.#direct.length) this.#direct = withRoom(this.#direct, 2 * key);
      const known = this.#direct[key]!;
      if (known > 0) return known - 1;
      this.#direct[key] = this.keys.length + 1;
    } else {
      const known = this.#others.get(key);
      if (known !== undefined) return known;
      this.#others.set(key, this.keys.length);
    }
    this.keys.push(key);
    return this.keys.length - 1;
  }
}
