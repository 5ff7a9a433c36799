import { FAIL, type History } from "../history/history.ts";
import { InternTable } from "../history/intern-table.ts";
import { fieldOf } from "../history/json-value.ts";
import type { Json } from "../history/operation.ts";

/** How a value says what it depends on, and an entry of a list what it is. */
export interface DependencyFields {
  /** The key, or the list of keys, that a value depends on; `after` unless given. */
  readonly after?: string;
  /** The key of an entry of a list that is an object; `key` unless given. */
  readonly key?: string;
}

/** Another key depends on this one. */
const NEEDED = 1;
/** It depends on others, as far as is known. */
const DEPENDENT = 2;
/** Lines say different things of it. */
const UNCLEAR = 4;

/** What each key depends on. Keys are numbered like `history.keys`; names that are no key follow. */
export class DependencyMap {
  readonly #fields: Required<DependencyFields>;
  readonly #names = new InternTable<string>();
  /** By key: {@link NEEDED}, {@link DEPENDENT} and {@link UNCLEAR}, added up. */
  readonly #part: Uint8Array;
  /** By key: row of the first line that says otherwise than the lines before it, or that cannot be read. */
  readonly #unclear = new Map<number, number>();
  /** The key that was found last: entries stand often in the order in which keys were first seen. */
  #found = -1;
  /** Keys that key `k` depends on, as far as that is clear: `needed` from `starts[k]` up to `starts[k + 1]`. */
  readonly starts: Int32Array;
  readonly needed: Int32Array;

  /** Takes in what every line says of its key and of the entries of a list. Linear. */
  constructor(history: History, fields: Required<DependencyFields>, isListRow: (row: number) => boolean) {
    this.#fields = fields;
    for (const key of history.keys) this.#names.intern(key);
    // By key; undefined where no line says anything.
    const told: (readonly number[] | undefined)[] = [];
    for (let row = 0; row < history.length; row++) {
      const value = history.value[row];
      if (typeof value !== "object" || value === null || isRefused(history, row)) continue;
      if (!Array.isArray(value)) this.#learn(told, history.key[row]!, value, row);
      else if (isListRow(row)) {
        for (const entry of value as readonly Json[]) {
          if (typeof entry === "object") this.#learn(told, this.#intern(entry), entry, row);
        }
      }
    }
    const { length } = this.#names.values;
    this.#part = new Uint8Array(length);
    this.starts = new Int32Array(length + 1);
    this.needed = this.#columns(told);
  }

  /** How many keys there are of which something can be known. Lists may name more. */
  get keyCount(): number {
    return this.#part.length;
  }

  /** Does a key depend on something, as far as is known? */
  isDependent(key: number): boolean {
    return (this.#part[key]! & DEPENDENT) !== 0;
  }

  /** Does a key depend on this one? */
  isNeeded(key: number): boolean {
    return (this.#part[key]! & NEEDED) !== 0;
  }

  /** The line that makes it unclear what a key depends on; undefined where it is clear. */
  unclear(key: number): number | undefined {
    return (this.#part[key]! & UNCLEAR) === 0 ? undefined : this.#unclear.get(key);
  }

  /** The name of a key. */
  nameOf(key: number): string {
    return this.#names.values[key]!;
  }

  /**
   * The key of an entry of a list: the entry itself, or its field; −1 where there is none, or nothing is known of it.
   * Expected constant time, less where entries stand in the order in which their keys were first seen.
   */
  entryOf(entry: Json): number {
    const name = this.#nameIn(entry);
    if (name === null) return -1;
    const next = this.#found + 1;
    this.#found = this.#names.values[next] === name ? next : this.#names.find(name);
    return this.#found;
  }

  #nameIn(entry: Json): string | null {
    const name = typeof entry === "object" ? fieldOf(entry, this.#fields.key) : entry;
    return typeof name === "string" ? name : typeof name === "number" ? String(name) : null;
  }

  #intern(entry: Json): number {
    const name = this.#nameIn(entry);
    return name === null ? -1 : this.#names.intern(name);
  }

  /** Fills the columns with what was told of each key. */
  #columns(told: readonly (readonly number[] | undefined)[]): Int32Array {
    const part = this.#part;
    const { starts } = this;
    for (const key of this.#unclear.keys()) part[key] = DEPENDENT + UNCLEAR;
    let count = 0;
    for (let key = 0; key < part.length; key++) {
      const keys = told[key];
      if (keys !== undefined) part[key]! |= DEPENDENT;
      if (keys !== undefined && (part[key]! & UNCLEAR) === 0) count += keys.length;
      starts[key + 1] = count;
    }
    const needed = new Int32Array(count);
    for (let key = 0; key < part.length; key++) {
      const start = starts[key]!;
      for (let at = start; at < starts[key + 1]!; at++) {
        needed[at] = told[key]![at - start]!;
        part[needed[at]!]! |= NEEDED;
      }
    }
    return needed;
  }

  #learn(told: (readonly number[] | undefined)[], key: number, value: Json, row: number): void {
    const after = fieldOf(value, this.#fields.after);
    if (after === undefined || key < 0) return;
    const keys = this.#keysOf(after);
    const known = told[key];
    if (keys === null) this.#setUnclear(key, row);
    else if (known === undefined) told[key] = keys;
    else if (known.length !== keys.length || known.some((name, at) => name !== keys[at])) {
      this.#setUnclear(key, row);
    }
  }

  #setUnclear(key: number, row: number): void {
    if (!this.#unclear.has(key)) this.#unclear.set(key, row);
  }

  #keysOf(after: Json): readonly number[] | null {
    if (after === null) return none;
    const list = Array.isArray(after) ? (after as readonly Json[]) : [after];
    const keys = list.map((name) => (typeof name === "object" ? -1 : this.#intern(name)));
    return keys.includes(-1) ? null : keys;
  }
}

/** Shared; never added to. */
const none: readonly number[] = [];

/** Is this a line of an operation that certainly did not happen? */
function isRefused({ mate, type }: History, row: number): boolean {
  const other = mate[row]!;
  return type[row] === FAIL || (other >= 0 && type[other] === FAIL);
}
