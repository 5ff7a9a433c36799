import { EdgeList } from "./dependency-graph.ts";
import { byteColumn, int32Column } from "./large-columns.ts";
import { COMMITTED, READ, type RegisterTransactions, WRITE } from "./register-transactions.ts";
import { isInstalled, type RegisterVersions } from "./register-versions.ts";

/** What may be assumed of the order in which the values of one key followed each other. */
export interface VersionAssumptions {
  /**
   * A transaction that reads a key and then writes it wrote a later version. Unless this is said, it is
   * concluded where reads are demanded to be committed: else there is a cycle that such a demand forbids.
   */
  readonly wfrKeys?: boolean;
  /** Each key by itself is sequentially consistent: each session sees its versions in their order. */
  readonly sequentialKeys?: boolean;
  /** Each key by itself is linearizable: its versions follow each other in the order of time. */
  readonly linearizableKeys?: boolean;
}

/** Told that the first version came before the second, as the first transaction, and then the other one, shows. */
export type VersionStep = (from: number, to: number, before: number, after: number) => void;

/**
 * Pairs of versions of a key of which the first certainly came before the second, as far as assumptions
 * say so; not all pairs, but enough that the others follow. Of a transaction that happened the first
 * version that it saw or wrote comes after those before it, and the last one before those after it.
 * Linear in micro-operations times the number of versions of one key that can be the latest at one time.
 */
export function assumedVersionOrder(
  txns: RegisterTransactions,
  facts: RegisterVersions,
  assumptions: VersionAssumptions,
): EdgeList {
  const edges = new EdgeList(16);
  forEachAssumed(txns, facts, assumptions, (from, to) => edges.add(from, to, 1));
  return edges;
}

/** Calls back for each pair of {@link assumedVersionOrder}, in the same order, with the transactions that show it. */
export function forEachAssumed(
  txns: RegisterTransactions,
  facts: RegisterVersions,
  { wfrKeys, sequentialKeys, linearizableKeys }: VersionAssumptions,
  each: VersionStep,
): void {
  const { version, owner } = txns;
  if (wfrKeys === true) {
    forEachUpdate(txns, facts, (read, write) => {
      each(version[read]!, version[write]!, owner[read]!, owner[write]!);
    });
  }
  if (sequentialKeys === true) addSequential(txns, facts, each);
  if (linearizableKeys === true) addLinearizable(txns, facts, each);
}

/**
 * Calls back for each committed transaction and key that it read from others first and then wrote: with
 * the first read and the last write.
 */
export function forEachUpdate(
  txns: RegisterTransactions,
  facts: RegisterVersions,
  each: (read: number, write: number) => void,
): void {
  const { count, starts, kind, version, owner, outcome } = txns;
  const size = starts[count]!;
  for (let at = 0; at < size; at++) {
    if (kind[at] !== WRITE || facts.previous[at]! < 0 || facts.isIntermediate[at] === 1) continue;
    if (outcome[owner[at]!] !== COMMITTED || !isInstalled(txns, facts, version[at]!)) continue;
    let first = facts.previous[at]!;
    while (facts.previous[first]! >= 0) first = facts.previous[first]!;
    if (kind[first] !== READ || version[first]! < 0 || version[first] === version[at]) continue;
    each(first, at);
  }
}

/** What a transaction that happened saw or left of one key. */
interface Touch {
  readonly first: number;
  readonly last: number;
}

/** The first and the last version of the key of a micro-operation in its transaction; null: not known. */
function touchOf(txns: RegisterTransactions, facts: RegisterVersions, lastOnKey: number): Touch | null {
  const { kind, version, outcome, owner } = txns;
  const isCommitted = outcome[owner[lastOnKey]!] === COMMITTED;
  let first = -1;
  let write = -1;
  for (let at = lastOnKey; at >= 0; at = facts.previous[at]!) {
    if (kind[at] === WRITE && write < 0) write = version[at]!;
    if (isCommitted && kind[at] === READ) first = version[at]!;
    else if (kind[at] === WRITE) first = write;
  }
  const last = write >= 0 ? write : first;
  return first < 0 || last < 0 ? null : { first, last };
}

/** Calls back for each key of a transaction once, with its last micro-operation on it. */
function forEachKey(
  txns: RegisterTransactions,
  isFollowed: Uint8Array,
  transaction: number,
  each: (at: number) => void,
): void {
  for (let at = txns.starts[transaction]!; at < txns.starts[transaction + 1]!; at++) {
    if (isFollowed[at] === 0) each(at);
  }
}

/** 1 for each micro-operation that is not the last one of its transaction on its key. */
function followed(txns: RegisterTransactions, facts: RegisterVersions): Uint8Array {
  const size = txns.starts[txns.count]!;
  const isFollowed = byteColumn(size);
  for (let at = 0; at < size; at++) if (facts.previous[at]! >= 0) isFollowed[facts.previous[at]!] = 1;
  return isFollowed;
}

function addSequential(txns: RegisterTransactions, facts: RegisterVersions, each: VersionStep): void {
  const latest = new Map<number, number>();
  const latestBy = new Map<number, number>();
  const isFollowed = followed(txns, facts);
  for (let transaction = 0; transaction < txns.count; transaction++) {
    if (facts.happened[transaction] === 0) continue;
    forEachKey(txns, isFollowed, transaction, (at) => {
      const touch = touchOf(txns, facts, at);
      if (touch === null) return;
      const place = txns.session[transaction]! * txns.keys.length + txns.key[at]!;
      const before = latest.get(place);
      if (before !== undefined && before !== touch.first) {
        each(before, touch.first, latestBy.get(place)!, transaction);
      }
      // One of unknown outcome may have taken effect after those that follow it.
      if (txns.outcome[transaction] !== COMMITTED) return;
      latest.set(place, touch.last);
      latestBy.set(place, transaction);
    });
  }
}

/** The latest versions of a key at some time, each with who showed it and the row from which on it was there. */
interface Frontier {
  readonly versions: number[];
  readonly by: number[];
  readonly since: number[];
}

function addLinearizable(txns: RegisterTransactions, facts: RegisterVersions, each: VersionStep): void {
  const { history, count, invocation, completion, outcome } = txns;
  const ending = int32Column(history.length).fill(-1);
  for (let at = 0; at < count; at++) if (outcome[at] === COMMITTED) ending[completion[at]!] = at;
  const isFollowed = followed(txns, facts);
  const frontiers: Frontier[] = txns.keys.map(() => ({ versions: [], by: [], since: [] }));
  let begun = 0;
  for (let row = 0; row < history.length; row++) {
    const isBeginning = begun < count && invocation[begun] === row;
    const transaction = isBeginning ? begun++ : ending[row]!;
    if (transaction < 0 || facts.happened[transaction] === 0) continue;
    forEachKey(txns, isFollowed, transaction, (at) => {
      const touch = touchOf(txns, facts, at);
      if (touch === null) return;
      const frontier = frontiers[txns.key[at]!]!;
      if (isBeginning) follow(frontier, touch.first, transaction, each);
      else advance(frontier, touch.last, invocation[transaction]!, transaction, row);
    });
  }
}

/** All latest versions come before one that a transaction saw or wrote that begins now. */
function follow({ versions, by }: Frontier, next: number, transaction: number, each: VersionStep): void {
  for (let at = 0; at < versions.length; at++) {
    if (versions[at] !== next) each(versions[at]!, next, by[at]!, transaction);
  }
}

/** A transaction ends: what was there before it began is no longer among the latest. */
function advance(
  { versions, by, since }: Frontier,
  last: number,
  began: number,
  transaction: number,
  row: number,
): void {
  let kept = 0;
  let isThere = false;
  for (let at = 0; at < versions.length; at++) {
    if (versions[at] === last) isThere = true;
    else if (since[at]! < began) continue;
    versions[kept] = versions[at]!;
    by[kept] = by[at]!;
    since[kept++] = since[at]!;
  }
  versions.length = kept;
  by.length = kept;
  since.length = kept;
  if (isThere) return;
  versions.push(last);
  by.push(transaction);
  since.push(row);
}
