import type { Json } from "../history/operation.ts";
import { AppendLookup } from "./append-lookup.ts";
import { byteColumn, int32Column, longerInt32 } from "./large-columns.ts";
import { listRead } from "./list-operation.ts";
import { type ListTransactions, UNREAD } from "./list-transactions.ts";
import { ABORTED, COMMITTED, UNKNOWN } from "./register-transactions.ts";

/** Where a read ends is not known: its list is no beginning of the longest one. */
export const NOWHERE = -1;

/**
 * The order of the appends to each key, as the longest list that was read shows it. Places of all keys lie
 * in one row: those of key `k` are `base[k]` to `base[k + 1] − 1`, the last of them behind the last element.
 */
export interface ListOrder {
  readonly base: Int32Array;
  /** The append whose element is at each place; −1 where nobody appended it, and behind the last element. */
  readonly append: Int32Array;
  /** Of each place the first at or after it whose append was not aborted; −1 where there is none. */
  readonly nextLive: Int32Array;
  /** Of each append its place; −1 where nobody read it. */
  readonly place: Int32Array;
  /** Of each read the place behind its last element, or {@link NOWHERE}. */
  readonly end: Int32Array;
  /** Of each read that ends {@link NOWHERE} the append of its last element; −1. */
  readonly oddSource: ReadonlyMap<number, number>;
  /** 1 for an append after which its transaction appended to the same key again. */
  readonly isIntermediate: Uint8Array;
  /** 1 for a transaction that happened: it committed, or what it appended was read. */
  readonly happened: Uint8Array;
  /** 1 for each key to which one element was appended twice: it is left out. */
  readonly isAmbiguous: Uint8Array;
  /** The first two appends of one element; null. */
  readonly ambiguous: readonly [number, number] | null;
  /** Appends of each key, grouped: those of key `k` are `appends[first[k]]` to `appends[first[k + 1] − 1]`. */
  readonly appends: Int32Array;
  readonly first: Int32Array;
  /** Reads in whose list one element is twice. */
  readonly doubled: readonly number[];
  /** Reads in whose list there is an element that nobody appended, each with the first such element. */
  readonly garbage: readonly (readonly [number, Json])[];
}

interface Building {
  readonly txns: ListTransactions;
  readonly order: {
    -readonly [Field in keyof ListOrder]: ListOrder[Field];
  } & { doubled: number[]; garbage: (readonly [number, Json])[]; oddSource: Map<number, number> };
  /** Where an element is twice: for each element of the longest list its place, counted from the base. */
  readonly bends: Map<number, Int32Array>;
  /** By key: where in its longest list the first element is that nobody appended. */
  readonly strangers: Map<number, number>;
}

/**
 * Finds out who appended each element of each longest list, and where each read ends. Elements are looked
 * up once a key, not once a read; a key on which lists contradict each other is read a second time.
 * Linear in micro-operations and in the elements of the longest lists.
 */
export function listOrder(txns: ListTransactions): ListOrder {
  const { keys, longest, outcome } = txns;
  const size = txns.starts[txns.count]!;
  const { appends, first } = appendsByKey(txns, size);
  const base = int32Column(keys.length + 1);
  for (let key = 0; key < keys.length; key++) base[key + 1] = base[key]! + longest[key]!.length + 1;
  const happened = byteColumn(txns.count);
  for (let at = 0; at < txns.count; at++) happened[at] = outcome[at] === COMMITTED ? 1 : 0;
  const order: Building["order"] = {
    base,
    append: int32Column(base[keys.length]!).fill(-1),
    nextLive: int32Column(base[keys.length]!).fill(-1),
    place: int32Column(size).fill(-1),
    end: int32Column(size).fill(NOWHERE),
    oddSource: new Map(),
    isIntermediate: byteColumn(size),
    happened,
    isAmbiguous: byteColumn(keys.length),
    ambiguous: null,
    appends,
    first,
    doubled: [],
    garbage: [],
  };
  const building: Building = { txns, order, bends: new Map(), strangers: new Map() };
  const lookup = new AppendLookup(txns);
  const oddReads = readsOfUnevenKeys(txns, size);
  for (let key = 0; key < keys.length; key++) {
    const problem = lookup.load(appends, first[key]!, first[key + 1]!);
    if (problem !== null) {
      order.isAmbiguous[key] = 1;
      order.ambiguous ??= problem;
      continue;
    }
    placeKey(building, key, lookup);
    const reads = oddReads.get(key);
    if (reads !== undefined) for (const read of reads) placeOddRead(building, read, lookup);
  }
  markIntermediate(txns, order.isIntermediate);
  placeReads(building, size);
  return order;
}

function appendsByKey(
  txns: ListTransactions,
  size: number,
): { readonly appends: Int32Array; readonly first: Int32Array } {
  const { key, isAppend, keys } = txns;
  const first = int32Column(keys.length + 1);
  for (let at = 0; at < size; at++) first[key[at]! + 1]! += isAppend[at]!;
  for (let at = 0; at < keys.length; at++) first[at + 1]! += first[at]!;
  const next = longerInt32(first.subarray(0, keys.length), keys.length);
  const appends = int32Column(first[keys.length]!);
  for (let at = 0; at < size; at++) if (isAppend[at] === 1) appends[next[key[at]!]!++] = at;
  return { appends, first };
}

function readsOfUnevenKeys(txns: ListTransactions, size: number): Map<number, number[]> {
  const reads = new Map<number, number[]>();
  if (!txns.isUneven.includes(1)) return reads;
  for (let at = 0; at < size; at++) {
    const key = txns.key[at]!;
    if (txns.isUneven[key] === 0 || txns.isAppend[at] === 1 || txns.token[at] === UNREAD) continue;
    const list = reads.get(key);
    if (list === undefined) reads.set(key, [at]);
    else list.push(at);
  }
  return reads;
}

/** Places the appends of one key in the order of its longest list. */
function placeKey(building: Building, key: number, lookup: AppendLookup): void {
  const { txns, order } = building;
  const { append, place, nextLive, happened, base } = order;
  const list = txns.longest[key]!;
  const start = base[key]!;
  let bend: Int32Array | null = null;
  let length = 0;
  for (let i = 0; i < list.length; i++) {
    const found = lookup.find(list[i]!);
    if (found >= 0 && place[found]! >= 0) {
      bend ??= Int32Array.from(list, (_, at) => start + Math.min(at, i));
      bend[i] = place[found]!;
      continue;
    }
    if (bend !== null) bend[i] = start + length;
    append[start + length] = found;
    if (found >= 0) {
      place[found] = start + length;
      happen(txns, happened, found);
    } else if (!building.strangers.has(key)) building.strangers.set(key, i);
    length++;
  }
  if (bend !== null) building.bends.set(key, bend);
  let next = -1;
  for (let at = base[key + 1]! - 1; at >= start; at--) {
    const found = append[at]!;
    if (found >= 0 && txns.outcome[txns.owner[found]!] !== ABORTED) next = at;
    nextLive[at] = next;
  }
}

function happen(txns: ListTransactions, happened: Uint8Array, append: number): void {
  const owner = txns.owner[append]!;
  if (txns.outcome[owner] === UNKNOWN) happened[owner] = 1;
}

/** Places a read of a key on which lists contradict each other, by its own elements. */
function placeOddRead({ txns, order }: Building, read: number, lookup: AppendLookup): void {
  const list = listRead(txns, read);
  const longest = txns.longest[txns.key[read]!]!;
  let isOdd = false;
  let source = -1;
  for (let i = 0; i < list.length; i++) {
    const code = txns.codeOf(list[i]!);
    isOdd ||= code !== txns.codeOf(longest[i]!);
    if (!isOdd) continue;
    source = lookup.find(list[i]!);
    if (source < 0) order.garbage.push([read, list[i]!]);
    else happen(txns, order.happened, source);
  }
  if (!isOdd) return;
  if (new Set(list.map(txns.codeOf)).size < list.length) order.doubled.push(read);
  order.oddSource.set(read, source);
}

function markIntermediate({ previous, isAppend }: ListTransactions, isIntermediate: Uint8Array): void {
  const size = isIntermediate.length;
  for (let at = 0; at < size; at++) {
    if (previous[at]! < 0 || isAppend[at] === 0) continue;
    let before = previous[at]!;
    while (before >= 0 && isAppend[before] === 0) before = previous[before]!;
    if (before >= 0) isIntermediate[before] = 1;
  }
}

function placeReads({ txns, order, bends, strangers }: Building, size: number): void {
  const { key, isAppend, token, longest } = txns;
  const { base, end, oddSource } = order;
  const isPlain = oddSource.size === 0 && bends.size === 0 && strangers.size === 0;
  for (let at = 0; at < size; at++) {
    const length = token[at]!;
    if (isAppend[at] === 1 || length === UNREAD) continue;
    const own = key[at]!;
    if (order.isAmbiguous[own] === 1) continue;
    if (isPlain) {
      end[at] = base[own]! + length;
      continue;
    }
    const odd = oddSource.get(at);
    if (odd !== undefined) {
      // An element that the longest list has too still tells where the read ends.
      if (odd >= 0 && order.place[odd]! >= 0) end[at] = order.place[odd]! + 1;
      continue;
    }
    const start = base[own]!;
    const bend = bends.get(own);
    end[at] = bend === undefined || length === 0 ? start + length : bend[length - 1]! + 1;
    if (bend !== undefined && hasTwice(bend, length)) order.doubled.push(at);
    const stranger = strangers.get(own);
    if (stranger !== undefined && length > stranger) order.garbage.push([at, longest[own]![stranger]!]);
  }
}

function hasTwice(bend: Int32Array, length: number): boolean {
  for (let i = 1; i < length; i++) if (bend[i]! <= bend[i - 1]!) return true;
  return false;
}
