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

/** What each key depends on. Keys are numbered like `history.keys`; names that are no key follow. */
export class DependencyMap {
  readonly #fields: Required<DependencyFields>;
  readonly #names = new InternTable<string>();
  /** By key: 1 where another key depends on it, 2 where it depends on others as far as is known, or both. */
  readonly #part: Uint8Array;
  /** By key; undefined where no line says anything. */
  readonly #of: (readonly number[] | undefined)[] = [];
  /** By key: row of the first line that says otherwise than the lines before it, or that cannot be read. */
  readonly #unclear = new Map<number, number>();

  /** Takes in what every line says of its key and of the entries of a list. Linear. */
  constructor(history: History, fields: Required<DependencyFields>, isListRow: (row: number) => boolean) {
    this.#fields = fields;
    for (const key of history.keys) this.#names.intern(key);
    for (let row = 0; row < history.length; row++) {
      const value = history.value[row];
      if (typeof value !== "object" || value === null || isRefused(history, row)) continue;
      if (!Array.isArray(value)) this.#learn(history.key[row]!, value, row);
      else if (isListRow(row)) {
        for (const entry of value as readonly Json[]) {
          if (typeof entry === "object") this.#learn(this.entryOf(entry), entry, row);
        }
      }
    }
    this.#part = this.#parts();
  }

  /** How many keys there are of which something can be known. Lists may name more. */
  get keyCount(): number {
    return this.#part.length;
  }

  /** Keys that a key depends on; none where that is not known. */
  of(key: number): readonly number[] {
    const known = this.#of[key];
    return known === undefined || this.#unclear.has(key) ? none : known;
  }

  /** Does a key depend on something, as far as is known? */
  isDependent(key: number): boolean {
    return (this.#part[key]! & 2) !== 0;
  }

  /** Does a key depend on this one? */
  isNeeded(key: number): boolean {
    return (this.#part[key]! & 1) !== 0;
  }

  /** The line that makes it unclear what a key depends on; undefined where it is clear. */
  unclear(key: number): number | undefined {
    return this.#unclear.get(key);
  }

  /** The name of a key. */
  nameOf(key: number): string {
    return this.#names.values[key]!;
  }

  /** The key of an entry of a list: the entry itself, or its field; −1 where there is none. */
  entryOf(entry: Json): number {
    const name = typeof entry === "object" ? fieldOf(entry, this.#fields.key) : entry;
    return typeof name === "string" || typeof name === "number" ? this.#names.intern(String(name)) : -1;
  }

  #parts(): Uint8Array {
    const part = new Uint8Array(this.#names.values.length);
    for (const key of this.#unclear.keys()) part[key] = 2;
    for (let key = 0; key < part.length; key++) {
      if (this.#of[key] === undefined) continue;
      part[key]! |= 2;
      for (const needed of this.of(key)) part[needed]! |= 1;
    }
    return part;
  }

  #learn(key: number, value: Json, row: number): void {
    const after = fieldOf(value, this.#fields.after);
    if (after === undefined || key < 0) return;
    const keys = this.#keysOf(after);
    const known = this.#of[key];
    if (keys === null) this.#setUnclear(key, row);
    else if (known === undefined) this.#of[key] = keys;
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
    const keys = list.map((name) => (typeof name === "object" ? -1 : this.entryOf(name)));
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
