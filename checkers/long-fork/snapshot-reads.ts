import { isMicroOperations } from "../formats/micro-operations.ts";
import { FAIL, type History, INVOKE, OK } from "../history/history.ts";
import { identityOf } from "../history/json-value.ts";
import type { Json } from "../history/operation.ts";

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
  readonly keyNames: readonly string[];
  /** Keys that have more than one value: which of two is the later one is not known. */
  readonly ambiguous: number;
}

/** A key while reads are collected. */
interface KeyValues {
  readonly number: number;
  value: ReturnType<typeof identityOf> | undefined;
  isAmbiguous: boolean;
}

/**
 * The reads of several keys at once, in operations whose function has a role. A key counts only if it
 * has one value at most besides null, in everything that was read and was not certainly not written.
 * n log n in the keys of a read, linear in the reads.
 */
export function snapshotReads(history: History, roles: Int8Array): SnapshotReads {
  const keys = new Map<string, KeyValues>();
  for (let row = 0; row < history.length; row++) {
    if (roles[history.f[row]!]! >= 0) noteValues(history, row, keys);
  }
  const names = [...keys.keys()];
  const all = [...keys.values()];
  const reads: SnapshotRead[] = [];
  for (let row = 0; row < history.length; row++) {
    if (history.type[row] !== OK || roles[history.f[row]!]! < 0) continue;
    const read = readOf(history, row, keys);
    if (read.keys.length > 1) reads.push(read);
  }
  return { reads, keyNames: names, ambiguous: all.filter(({ isAmbiguous }) => isAmbiguous).length };
}

function noteValues(history: History, row: number, keys: Map<string, KeyValues>): void {
  const type = history.type[row]!;
  const operations = history.value[row];
  const mate = history.mate[row]!;
  if (!isMicroOperations(operations) || (type !== INVOKE && type !== OK)) return;
  const hasFailed = type === INVOKE && mate >= 0 && history.type[mate] === FAIL;
  for (const [name, key = null, value = null] of operations) {
    const text = keyText(key);
    let known = keys.get(text);
    if (known === undefined) {
      known = { number: keys.size, value: undefined, isAmbiguous: false };
      keys.set(text, known);
    }
    if (value === null || hasFailed || (name === "r" && type === INVOKE)) continue;
    const identity = identityOf(value);
    if (known.value === undefined) known.value = identity;
    else if (known.value !== identity) known.isAmbiguous = true;
  }
}

/** What an operation read before it wrote to the key itself. */
function readOf(history: History, row: number, keys: ReadonlyMap<string, KeyValues>): SnapshotRead {
  const found = new Map<number, boolean>();
  const own = new Set<number>();
  const operations = history.value[row];
  if (isMicroOperations(operations)) {
    for (const [name, key = null, value = null] of operations) {
      const known = keys.get(keyText(key));
      if (known === undefined || known.isAmbiguous) continue;
      if (name !== "r") own.add(known.number);
      else if (!own.has(known.number) && !found.has(known.number)) found.set(known.number, value !== null);
    }
  }
  const sorted = [...found.keys()].sort((a, b) => a - b);
  return { row, keys: sorted, seen: sorted.map((key) => found.get(key) === true) };
}

function keyText(key: Json): string {
  return typeof key === "string" ? key : JSON.stringify(key);
}
