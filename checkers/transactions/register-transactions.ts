import { type FunctionNames, functionRoles } from "../history/function-roles.ts";
import { FAIL, type History, INVOKE, OK } from "../history/history.ts";
import { isPair } from "../history/json-value.ts";
import type { Json } from "../history/operation.ts";
import { TransactionColumns } from "./transaction-columns.ts";

/** The transaction happened: its completion is `ok`. */
export const COMMITTED = 0;
/** It certainly did not happen: `fail`. */
export const ABORTED = 1;
/** Nobody knows: `info`, or no completion at all. */
export const UNKNOWN = 2;

/** The micro-operation read a value. */
export const READ = 0;
/** The micro-operation wrote a value. */
export const WRITE = 1;

/** Names of the functions that are read. */
export interface TransactionFunctions {
  /** A list of micro-operations `["r", key, value]`, `["w", key, value]`; `txn` unless given. */
  readonly txn?: FunctionNames;
  /** A transaction of one read; `read` unless given. */
  readonly read?: FunctionNames;
  /** A transaction of one write; `write` unless given. */
  readonly write?: FunctionNames;
  /** A transaction that reads the first of two values and writes the second; `cas` unless given. */
  readonly cas?: FunctionNames;
}

/** The transactions on registers of a history, in columns. Never changed. */
export interface RegisterTransactions {
  readonly history: History;
  /** Transactions, in the order of invocation. */
  readonly count: number;
  /** Row of the history at which each began. */
  readonly invocation: Int32Array;
  /** Row at which each ended, −1 where none is known. */
  readonly completion: Int32Array;
  /** Number of the session in `history.sessions`. */
  readonly session: Int32Array;
  /** {@link COMMITTED}, {@link ABORTED} or {@link UNKNOWN}. */
  readonly outcome: Uint8Array;
  /** Length `count + 1`: micro-operations of transaction `t` are `starts[t]` to `starts[t + 1] − 1`. */
  readonly starts: Int32Array;
  /** {@link READ} or {@link WRITE}, of each micro-operation. */
  readonly kind: Uint8Array;
  /** Number of the key, of each micro-operation. */
  readonly key: Int32Array;
  /**
   * Number of the pair of key and value, of each micro-operation. The value that key `k` has before any
   * write is version `k`: nil, and also 0 where nobody wrote 0 to that key and nobody read nil from it.
   * Versions from `keys.length` on are values. −1: a read of which the value is not known, as in a
   * transaction that did not commit.
   */
  readonly version: Int32Array;
  /** Transaction of each micro-operation. */
  readonly owner: Int32Array;
  readonly keys: readonly (string | number)[];
  /** Key of each version. */
  readonly versionKey: Int32Array;
  /** Value of each version, for wording; null for one before any write. */
  readonly versionValue: readonly Json[];
  /**
   * The micro-operation that wrote each version, the last one of its transaction; −1 where nobody did. A
   * transaction that may have happened goes before one that was aborted.
   */
  readonly writer: Int32Array;
  /**
   * The first two micro-operations of different transactions, neither of them aborted, that write one
   * value to one key: from there on nobody can tell whose value was read. null: all values are unique.
   */
  readonly ambiguous: readonly [number, number] | null;
  /** 1 for each version that is written in such a way: what is known of `writer` is one of several. */
  readonly isAmbiguous: Uint8Array;
  /** The first row that is a transaction of another kind, with what is wrong; null where there is none. */
  readonly unreadable: { readonly row: number; readonly problem: string } | null;
}

/**
 * The transactions on registers of a history: rows of `txn`, and plain reads and writes that name a key
 * (each a transaction of its own; a `cas` reads and writes). Values of a committed transaction are those
 * of its completion, of any other those of its invocation, of which only the writes count. A key without
 * a name is called "". Linear.
 */
export function registerTransactions(
  history: History,
  functions: TransactionFunctions = {},
): RegisterTransactions {
  const { txn = "txn", read = "read", write = "write", cas = "cas" } = functions;
  const roles = functionRoles(history, [txn, read, write, cas]);
  const columns = new TransactionColumns(history.length, ABORTED);
  const foreign = foreignKeys(history, roles);
  let unreadable: RegisterTransactions["unreadable"] = null;
  for (let row = 0; row < history.length; row++) {
    if (history.type[row] !== INVOKE) continue;
    const role = roles[history.f[row]!]!;
    if (role < 0 || (role !== TXN && foreign[history.key[row]! + 1] === 1)) continue;
    const mate = history.mate[row]!;
    const outcome = outcomeOf(history, mate);
    columns.begin(row, mate, history.session[row]!, outcome);
    const problem =
      role === TXN
        ? addMicroOperations(columns, history, row, outcome)
        : addPlain(columns, history, row, role, outcome);
    if (problem !== null) unreadable ??= { row, problem };
  }
  return { history, unreadable, ...finished(columns) };
}

/** Position of `txn` in the list of roles; `read`, `write` and `cas` follow. */
const TXN = 0;
const PLAIN_READ = 1;
const PLAIN_WRITE = 2;

/** 1 for each key (no key first) on which functions are called that are not those of a register. */
function foreignKeys(history: History, roles: Int8Array): Uint8Array {
  const foreign = new Uint8Array(history.keys.length + 1);
  for (let row = 0; row < history.length; row++) {
    if (history.type[row] === INVOKE && roles[history.f[row]!]! < 0) foreign[history.key[row]! + 1] = 1;
  }
  return foreign;
}

function outcomeOf(history: History, mate: number): number {
  if (mate < 0) return UNKNOWN;
  const type = history.type[mate];
  return type === OK ? COMMITTED : type === FAIL ? ABORTED : UNKNOWN;
}

/** Adds the micro-operations of a `txn`; answers what is wrong with them, or null. */
function addMicroOperations(
  columns: TransactionColumns,
  history: History,
  row: number,
  outcome: number,
): string | null {
  const told = outcome === COMMITTED ? history.value[history.mate[row]!] : undefined;
  const value = told ?? history.value[row];
  if (!Array.isArray(value)) return "its value is no list of micro-operations";
  const list = value as readonly Json[];
  for (let at = 0; at < list.length; at++) {
    const operation = list[at];
    if (!Array.isArray(operation)) return `its micro-operation ${at} is no list`;
    const name = (operation as readonly Json[])[0];
    const key = (operation as readonly Json[])[1];
    const given = (operation as readonly Json[])[2];
    if (typeof key !== "string" && typeof key !== "number") {
      return `the key of its micro-operation ${at} is neither a number nor a string`;
    }
    if (name === "r" || name === "read") columns.read(key, told === undefined ? undefined : given);
    else if (name !== "w" && name !== "write") return `its micro-operation ${at} is no "r" and no "w"`;
    else if (given === null || given === undefined) return writesNothing;
    else columns.write(key, given);
  }
  return null;
}

const writesNothing = "it writes nil, which is also what a key has before any write";

/** Adds a plain read, write or compare-and-set. */
function addPlain(
  columns: TransactionColumns,
  history: History,
  row: number,
  role: number,
  outcome: number,
): string | null {
  const named = history.key[row]!;
  const key = named < 0 ? "" : history.keys[named]!;
  if (role === PLAIN_READ) {
    columns.read(key, outcome === COMMITTED ? history.value[history.mate[row]!] : undefined);
    return null;
  }
  const value = history.value[row];
  if (role === PLAIN_WRITE) {
    if (value === null || value === undefined) return writesNothing;
    columns.write(key, value);
    return null;
  }
  if (!isPair(value)) return "its value is no pair of an old and a new value";
  if (value[1] === null) return writesNothing;
  columns.read(key, outcome === COMMITTED ? value[0] : undefined);
  columns.write(key, value[1]);
  return null;
}

type Finished = Omit<RegisterTransactions, "history" | "unreadable">;

function finished(columns: TransactionColumns): Finished {
  const { count, size, keys, pairs, writer, ambiguous } = columns;
  const initial = keys.keys.length;
  const readsNil = new Uint8Array(initial);
  for (let pair = 0; pair < pairs.size; pair++) {
    if (pairs.valueOf(pair) === null) readsNil[pairs.left[pair]!] = 1;
  }
  const versionOf = new Int32Array(pairs.size);
  const versionKey = new Int32Array(initial + pairs.size);
  const versionWriter = new Int32Array(initial + pairs.size).fill(-1);
  const isAmbiguous = new Uint8Array(initial + pairs.size);
  const versionValue = new Array<Json>(initial + pairs.size);
  let versions = 0;
  for (; versions < initial; versions++) {
    versionKey[versions] = versions;
    versionValue[versions] = null;
  }
  for (let pair = 0; pair < pairs.size; pair++) {
    const value = pairs.valueOf(pair);
    const key = pairs.left[pair]!;
    const by = writer[pair] ?? -1;
    if (value === null || (value === 0 && by < 0 && readsNil[key] === 0)) {
      versionOf[pair] = key;
      versionValue[key] = value;
      continue;
    }
    versionOf[pair] = versions;
    versionKey[versions] = key;
    versionWriter[versions] = by;
    isAmbiguous[versions] = columns.isAmbiguous[pair] ?? 0;
    versionValue[versions++] = value;
  }
  versionValue.length = versions;
  const version = columns.pair.slice(0, size);
  for (let at = 0; at < size; at++) if (version[at]! >= 0) version[at] = versionOf[version[at]!]!;
  return {
    count,
    invocation: columns.invocation.subarray(0, count),
    completion: columns.completion.subarray(0, count),
    session: columns.session.subarray(0, count),
    outcome: columns.outcome.subarray(0, count),
    starts: columns.starts.subarray(0, count + 1),
    kind: columns.kind.subarray(0, size),
    key: columns.key.subarray(0, size),
    version,
    owner: columns.owner.subarray(0, size),
    keys: keys.keys,
    versionKey: versionKey.subarray(0, versions),
    versionValue,
    writer: versionWriter.subarray(0, versions),
    ambiguous,
    isAmbiguous: isAmbiguous.subarray(0, versions),
  };
}
