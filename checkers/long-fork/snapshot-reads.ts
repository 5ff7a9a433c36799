import { isMicroOperations } from "../formats/micro-operations.ts";
import { FAIL, type History, INVOKE, OK } from "../history/history.ts";
import { identityOf } from "../history/json-value.ts";
import type { Json } from "../history/operation.ts";
import type { BudgetWatch } from "../within-budget.ts";

/** What one operation saw of keys that are written once. */
export interface SnapshotRead {
  readonly row: number;
  /** Numbers of keys, rising. */
  readonly keys: readonly number[];
  /** For each of `keys`: was it written? */
  readonly seen: readonly boolean[];
}

/** All such reads of a history. */
export interface SnapshotReads {
  readonly reads: readonly SnapshotRead[];
  /** By number, as they were first written. */
  readonly keyNames: readonly Json[];
  /** Keys that have more than one value: which of two is the later one is not known. */
  readonly ambiguous: number;
}

/** A key while reads are collected. */
interface KeyValues {
  readonly number: number;
  value: ReturnType<typeof identityOf> | undefined;
  isAmbiguous: boolean;
  /** Row of the last operation that read it (before it wrote it itself), what it saw, and of the last that wrote it. */
  readBy: number;
  isSeen: boolean;
  writtenBy: number;
}

/** Keys by their text: 1 and "1" are one. Numbers are found without making texts of them. */
class KeyTable {
  /** As they were first written. */
  readonly names: Json[] = [];
  readonly all: KeyValues[] = [];
  readonly #byText = new Map<string, KeyValues>();
  readonly #byNumber = new Map<number, KeyValues>();

  find(key: Json): KeyValues {
    return typeof key === "number" ? this.#ofNumber(key) : this.#ofText(key);
  }

  #ofNumber(key: number): KeyValues {
    let known = this.#byNumber.get(key);
    if (known !== undefined) return known;
    if (this.#byText.size > 0) known = this.#byText.get(keyText(key));
    known ??= this.#add(key);
    this.#byNumber.set(key, known);
    return known;
  }

  #ofText(key: Json): KeyValues {
    const text = keyText(key);
    let known = this.#byText.get(text);
    if (known !== undefined) return known;
    const number = Number(text);
    if (JSON.stringify(number) === text) known = this.#byNumber.get(number);
    known ??= this.#add(key);
    this.#byText.set(text, known);
    return known;
  }

  #add(key: Json): KeyValues {
    const blank = { value: undefined, isAmbiguous: false, readBy: -1, isSeen: false, writtenBy: -1 };
    const added = { number: this.all.length, ...blank };
    this.all.push(added);
    this.names.push(key);
    return added;
  }
}

/** A text as it is, everything else in JSON. */
export function keyText(key: Json): string {
  return typeof key === "string" ? key : JSON.stringify(key);
}

/**
 * The reads of several keys at once, in operations whose function has a role. A key counts only if it
 * has one value at most besides null, in everything that was read and was not certainly not written.
 * n log n in the keys of a read, linear in the reads.
 */
export function snapshotReads(history: History, roles: Int8Array, watch: BudgetWatch): SnapshotReads {
  const keys = new KeyTable();
  for (let row = 0; row < history.length; row++) {
    watch.at(row);
    if (roles[history.f[row]!]! >= 0) noteValues(history, row, keys);
  }
  const { all, names } = keys;
  const reads: SnapshotRead[] = [];
  for (let row = 0; row < history.length; row++) {
    if (history.type[row] !== OK || roles[history.f[row]!]! < 0) continue;
    const read = readOf(history, row, keys);
    if (read.keys.length > 1) reads.push(read);
  }
  return { reads, keyNames: names, ambiguous: all.filter(({ isAmbiguous }) => isAmbiguous).length };
}

function noteValues(history: History, row: number, keys: KeyTable): void {
  const type = history.type[row]!;
  const operations = history.value[row];
  const mate = history.mate[row]!;
  if (!isMicroOperations(operations) || (type !== INVOKE && type !== OK)) return;
  const hasFailed = type === INVOKE && mate >= 0 && history.type[mate] === FAIL;
  for (const operation of operations) {
    const known = keys.find(operation[1] ?? null);
    const value = operation[2] ?? null;
    if (value === null || hasFailed || (operation[0] === "r" && type === INVOKE)) continue;
    const identity = identityOf(value);
    if (known.value === undefined) known.value = identity;
    else if (known.value !== identity) known.isAmbiguous = true;
  }
}

/** What an operation read before it wrote to the key itself. */
function readOf(history: History, row: number, keys: KeyTable): SnapshotRead {
  const found: number[] = [];
  const operations = history.value[row];
  let isRising = true;
  for (const operation of isMicroOperations(operations) ? operations : []) {
    const known = keys.find(operation[1] ?? null);
    if (known.isAmbiguous) continue;
    if (operation[0] !== "r") known.writtenBy = row;
    else if (known.writtenBy !== row && known.readBy !== row) {
      known.readBy = row;
      known.isSeen = (operation[2] ?? null) !== null;
      isRising &&= found.length === 0 || found[found.length - 1]! < known.number;
      found.push(known.number);
    }
  }
  if (!isRising) found.sort((a, b) => a - b);
  return { row, keys: found, seen: found.map((key) => keys.all[key]!.isSeen) };
}
