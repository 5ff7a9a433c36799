import type { AnomalyList } from "../anomaly-list.ts";
import {
  ABORTED,
  COMMITTED,
  READ,
  type RegisterTransactions,
  UNKNOWN,
  WRITE,
} from "../transactions/register-transactions.ts";
import { type FinalWrites, finalWrites } from "./final-writes.ts";
import { addReadAnomaly, type ReadProblem } from "./read-anomaly.ts";
import { type SessionChains, sessionChains } from "./session-chains.ts";

/** Reads of what other transactions left behind, each transaction's in its own order. */
export interface ExternalReads {
  readonly count: number;
  /** Those of transaction `t` are `starts[t]` up to `starts[t + 1]`. */
  readonly starts: Int32Array;
  /** The micro-operation. */
  readonly at: Int32Array;
  readonly key: Int32Array;
  /** The transaction that was read from; −1: the value before any write. */
  readonly writer: Int32Array;
  /** Its final write of the key, −1 as above. */
  readonly write: Int32Array;
  /** 1 where the transaction had read the key from another transaction before: it is not repeatable. */
  readonly isRepeat: Uint8Array;
}

/** A history of transactions as the axioms of weak isolation see it. */
export interface VisibleHistory {
  readonly transactions: RegisterTransactions;
  /** 1 for committed transactions, and for those of unknown outcome that a committed one has read. */
  readonly happened: Uint8Array;
  readonly chains: SessionChains;
  readonly writes: FinalWrites;
  readonly reads: ExternalReads;
  /** Committed transactions with a read of which the value is known. */
  readonly examined: number;
  /** The first read of a version of which several transactions may be the writer; −1 where there is none. */
  readonly ambiguousRead: number;
}

/**
 * Takes the transactions that happened, and splits their reads: those of their own writes, and those of
 * values that no order of commits can explain, are judged here and added to `anomalies`; all others are
 * external reads. A read of a version with several possible writers is left out. Linear.
 */
export function visibleHistory(transactions: RegisterTransactions, anomalies: AnomalyList): VisibleHistory {
  const happened = whatHappened(transactions);
  const writes = finalWrites(transactions, happened);
  const chains = sessionChains(transactions, happened);
  const collected = externalReads(transactions, writes, anomalies);
  return { transactions, happened, chains, writes, ...collected };
}

function whatHappened(transactions: RegisterTransactions): Uint8Array {
  const { count, outcome, kind, version, owner, writer } = transactions;
  const happened = new Uint8Array(count);
  let isKnown = true;
  for (let t = 0; t < count; t++) {
    if (outcome[t] === COMMITTED) happened[t] = 1;
    else if (outcome[t] === UNKNOWN) isKnown = false;
  }
  if (isKnown) return happened;
  for (let at = 0; at < kind.length; at++) {
    if (kind[at] !== READ || version[at]! < 0) continue;
    const by = writer[version[at]!]!;
    if (by >= 0 && outcome[owner[by]!] === UNKNOWN) happened[owner[by]!] = 1;
  }
  return happened;
}

type Collected = Pick<VisibleHistory, "reads" | "examined" | "ambiguousRead">;

function externalReads(
  transactions: RegisterTransactions,
  writes: FinalWrites,
  anomalies: AnomalyList,
): Collected {
  const { count, outcome, starts: from, kind, key: keyOf, version, owner, keys } = transactions;
  const { writer: writerOf, isAmbiguous } = transactions;
  const room = kind.length;
  const starts = new Int32Array(count + 1);
  const at = new Int32Array(room);
  const key = new Int32Array(room);
  const writer = new Int32Array(room);
  const write = new Int32Array(room);
  const isRepeat = new Uint8Array(room);
  const ownWrite = new Int32Array(keys.length).fill(-1);
  const firstRead = new Int32Array(keys.length).fill(-1);
  let size = 0;
  let examined = 0;
  let ambiguousRead = -1;
  for (let t = 0; t < count; t++) {
    starts[t] = size;
    if (outcome[t] !== COMMITTED) continue;
    let isExamined = false;
    for (let op = from[t]!; op < from[t + 1]!; op++) {
      const k = keyOf[op]!;
      if (kind[op] === WRITE) {
        ownWrite[k] = op;
        continue;
      }
      const v = version[op]!;
      if (v < 0) continue;
      isExamined = true;
      const own = ownWrite[k]! >= from[t]! ? ownWrite[k]! : -1;
      if (own >= 0 && version[own] === v) continue;
      const by = writerOf[v]!;
      if (isAmbiguous[v] === 1) {
        if (ambiguousRead < 0) ambiguousRead = op;
        continue;
      }
      const final = by < 0 ? -1 : writes.ofOperation[by]!;
      const source = by < 0 ? -1 : owner[by]!;
      const problem = problemOf(transactions, t, op, own, final);
      if (problem !== null) {
        addReadAnomaly(transactions, anomalies, problem, op, own);
        continue;
      }
      const first = firstRead[k]!;
      if (first < starts[t]!) firstRead[k] = size;
      else if (writer[first] !== source) isRepeat[size] = 1;
      at[size] = op;
      key[size] = k;
      writer[size] = source;
      write[size++] = final;
    }
    if (isExamined) examined++;
  }
  starts[count] = size;
  const reads = { count: size, starts, at, key, writer, write, isRepeat };
  return { reads, examined, ambiguousRead };
}

/** What is wrong with a read that is not of the own last write, whatever the order of commits; null: nothing. */
function problemOf(
  { version, writer, owner, outcome, keys }: RegisterTransactions,
  t: number,
  op: number,
  own: number,
  final: number,
): ReadProblem | null {
  const v = version[op]!;
  const by = writer[v]!;
  if (by >= 0 && owner[by] === t) return by > op ? "future-read" : "not-own-last-write";
  if (own >= 0) return "not-own-write";
  if (by < 0) return v < keys.length ? null : "thin-air-read";
  if (outcome[owner[by]!] === ABORTED) return "aborted-read";
  return final < 0 ? "intermediate-read" : null;
}
