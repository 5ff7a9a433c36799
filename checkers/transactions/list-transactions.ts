import type { CheckBudget } from "../check-budget.ts";
import { type FunctionNames, functionRoles } from "../history/function-roles.ts";
import { FAIL, type History, INVOKE, OK } from "../history/history.ts";
import { identityOf } from "../history/json-value.ts";
import type { Json } from "../history/operation.ts";
import { KeyNumbers } from "./key-numbers.ts";
import { keyOf } from "./key-of.ts";
import { byteColumn, int32Column, longerBytes, longerInt32 } from "./large-columns.ts";
import { ABORTED, COMMITTED, UNKNOWN } from "./register-transactions.ts";

/** The micro-operation read a list of which nothing is known: its transaction did not commit. */
export const UNREAD = -1;

/** Transactions on lists, in columns: appends of one element and reads of a whole list. */
export interface ListTransactions {
  readonly history: History;
  /** Transactions, in the order of invocation. */
  readonly count: number;
  /** Row of the history at which each began. */
  readonly invocation: Int32Array;
  /** Row at which each ended; −1. */
  readonly completion: Int32Array;
  readonly session: Int32Array;
  /** {@link COMMITTED}, {@link ABORTED} or {@link UNKNOWN}. */
  readonly outcome: Uint8Array;
  /** Length `count + 1`: micro-operations of transaction `t` are `starts[t]` to `starts[t + 1] − 1`. */
  readonly starts: Int32Array;
  /** Transaction of each micro-operation. */
  readonly owner: Int32Array;
  /** Number of the key, of each micro-operation. */
  readonly key: Int32Array;
  /** 1 for an append. */
  readonly isAppend: Uint8Array;
  /** Of a read the length of the list, or {@link UNREAD}; of an append what stands for the element. */
  readonly token: Int32Array;
  /** 1 for an append whose element is no whole number of 32 bits; its token is then a place in a list. */
  readonly isOther: Uint8Array;
  /** The micro-operation before each on the same key in the same transaction; −1. */
  readonly previous: Int32Array;
  readonly keys: readonly (string | number)[];
  /** For each key the longest list that was read, the first such one. */
  readonly longest: readonly (readonly Json[])[];
  /** The read of the longest list of each key; −1. */
  readonly longestRead: Int32Array;
  /** 1 for each key of which some list is no beginning of another one. */
  readonly isUneven: Uint8Array;
  /** A number that stands for an element: itself, or half more than its place in the list of others. */
  readonly codeOf: (element: Json) => number;
  /** The first row that is a transaction of another kind, with what is wrong. */
  readonly unreadable: { readonly row: number; readonly problem: string } | null;
  /** Why reading stopped early; null. */
  readonly stopped: string | null;
}

/** Rows between two looks at the budget. */
const rowsBetween = 1 << 16;

/** Collects transactions; the fields are those of {@link ListTransactions}. */
class ListColumns {
  size = 0;
  key: Int32Array;
  token: Int32Array;
  owner: Int32Array;
  previous: Int32Array;
  isAppend: Uint8Array;
  isOther: Uint8Array;
  /** First micro-operation of the transaction that is added. */
  start = 0;
  /** By key: the last micro-operation. */
  #latest: Int32Array = new Int32Array(64).fill(-1);
  readonly names: KeyNumbers = new KeyNumbers();
  readonly longest: (readonly Json[])[] = [];
  longestRead: Int32Array = new Int32Array(64).fill(-1);
  isUneven: Uint8Array = new Uint8Array(64);
  readonly #places = new Map<string | number | boolean | null, number>();

  constructor(rows: number) {
    // What is not needed of it is never touched.
    const room = 4 * rows + 16;
    this.key = int32Column(room);
    this.token = int32Column(room);
    this.owner = int32Column(room);
    this.previous = int32Column(room);
    this.isAppend = byteColumn(room);
    this.isOther = byteColumn(room);
  }

  append(owner: number, name: string | number, element: Json): void {
    const at = this.#add(owner, name);
    this.isAppend[at] = 1;
    if (typeof element === "number" && (element | 0) === element) this.token[at] = element;
    else {
      this.token[at] = this.placeOf(element);
      this.isOther[at] = 1;
    }
  }

  /** The place of an element that is no whole number in the list of such elements. */
  placeOf(element: Json): number {
    const identity = identityOf(element);
    const known = this.#places.get(identity);
    if (known !== undefined) return known;
    this.#places.set(identity, this.#places.size);
    return this.#places.size - 1;
  }

  /** A read of nothing known. */
  unread(owner: number, name: string | number): void {
    const at = this.#add(owner, name);
    this.token[at] = UNREAD;
  }

  read(owner: number, name: string | number, list: readonly Json[]): void {
    const at = this.#add(owner, name);
    this.token[at] = list.length;
    const key = this.key[at]!;
    const known = this.longest[key]!;
    const shared = Math.min(list.length, known.length);
    for (let i = 0; i < shared; i++) {
      const element = list[i];
      if (element === known[i]) continue;
      if (typeof element === "object" && identityOf(element as Json) === identityOf(known[i]!)) continue;
      this.isUneven[key] = 1;
      break;
    }
    if (list.length <= known.length && this.longestRead[key]! >= 0) return;
    this.longest[key] = list;
    this.longestRead[key] = at;
  }

  #add(owner: number, name: string | number): number {
    if (this.size === this.key.length) this.#grow();
    const at = this.size++;
    const key = this.names.intern(name);
    if (key === this.longest.length) {
      this.longest.push([]);
      if (key === this.longestRead.length) this.#growKeys();
    }
    const before = this.#latest[key]!;
    this.#latest[key] = at;
    this.previous[at] = before >= this.start ? before : -1;
    this.owner[at] = owner;
    this.key[at] = key;
    return at;
  }

  #grow(): void {
    const room = 2 * this.size;
    this.key = longerInt32(this.key, room);
    this.token = longerInt32(this.token, room);
    this.owner = longerInt32(this.owner, room);
    this.previous = longerInt32(this.previous, room);
    this.isAppend = longerBytes(this.isAppend, room);
    this.isOther = longerBytes(this.isOther, room);
  }

  #growKeys(): void {
    const before = this.longestRead.length;
    this.#latest = longerInt32(this.#latest, 2 * before).fill(-1, before);
    this.longestRead = longerInt32(this.longestRead, 2 * before).fill(-1, before);
    this.isUneven = longerBytes(this.isUneven, 2 * before);
  }
}

/**
 * The transactions on lists of a history: rows of `txn` whose value is a list of `["append", key, element]`
 * and `["r", key, list]`. Values of a committed transaction are those of its completion; of any other only
 * the appends of its invocation count. `nil` and no value are the empty list. Linear.
 */
export function listTransactions(
  history: History,
  txn: FunctionNames,
  budget?: CheckBudget,
): ListTransactions {
  const roles = functionRoles(history, [txn]);
  let count = 0;
  for (let row = 0; row < history.length; row++) {
    if (history.type[row] === INVOKE && roles[history.f[row]!] === 0) count++;
  }
  const invocation = int32Column(count);
  const completion = int32Column(count);
  const session = int32Column(count);
  const outcome = byteColumn(count);
  const starts = int32Column(count + 1);
  const columns = new ListColumns(history.length);
  let unreadable: ListTransactions["unreadable"] = null;
  let stopped: string | null = null;
  let at = 0;
  for (let row = 0; row < history.length; row++) {
    if (row % rowsBetween === 0 && stopped === null) {
      stopped = budget?.exceeded(columns.size * 40, (0.4 * row) / history.length) ?? null;
    }
    if (history.type[row] !== INVOKE || roles[history.f[row]!] !== 0) continue;
    const mate = history.mate[row]!;
    const ended = mate < 0 ? UNKNOWN : outcomeOf(history.type[mate]!);
    invocation[at] = row;
    completion[at] = mate;
    session[at] = history.session[row]!;
    outcome[at] = ended;
    columns.start = columns.size;
    if (stopped === null) {
      const told = ended === COMMITTED ? history.value[mate] : undefined;
      const problem = addMicroOperations(columns, at, told ?? history.value[row], told !== undefined);
      if (problem !== null) unreadable ??= { row, problem };
    }
    starts[++at] = columns.size;
  }
  const { key, token, owner, previous, isAppend, isOther, names, longest, longestRead, isUneven } = columns;
  const shared = { key, token, owner, previous, isAppend, isOther, longest, longestRead, isUneven };
  const codeOf: ListTransactions["codeOf"] = (element) =>
    typeof element === "number" && (element | 0) === element ? element : columns.placeOf(element) + 0.5;
  const transactions = { history, count, invocation, completion, session, outcome, starts };
  return { ...transactions, ...shared, keys: names.keys, codeOf, unreadable, stopped };
}

function outcomeOf(type: number): number {
  return type === OK ? COMMITTED : type === FAIL ? ABORTED : UNKNOWN;
}

/** Adds the micro-operations of a transaction; answers what is wrong with them, or null. */
function addMicroOperations(
  columns: ListColumns,
  owner: number,
  value: Json | undefined,
  isTold: boolean,
): string | null {
  if (!Array.isArray(value)) return "its value is no list of micro-operations";
  const list = value as readonly Json[];
  for (let at = 0; at < list.length; at++) {
    const operation = list[at];
    if (!Array.isArray(operation)) return `its micro-operation ${at} is no list`;
    const name = (operation as readonly Json[])[0];
    const key = (operation as readonly Json[])[1];
    const given = (operation as readonly Json[])[2];
    if (key === undefined) return `its micro-operation ${at} names no key`;
    const own = typeof key === "number" ? key : keyOf(key);
    if (name === "append") {
      if (given === undefined) return `its micro-operation ${at} appends nothing`;
      columns.append(owner, own, given);
    } else if (name !== "r" && name !== "read") {
      return `its micro-operation ${at} is no "r" and no "append"`;
    } else if (!isTold) columns.unread(owner, own);
    else if (given === undefined || given === null) columns.read(owner, own, nothing);
    else if (Array.isArray(given)) columns.read(owner, own, given as readonly Json[]);
    else return `its micro-operation ${at} read no list`;
  }
  return null;
}

const nothing: readonly Json[] = [];
