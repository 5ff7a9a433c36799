import { type RegisterTransactions, WRITE } from "../transactions/register-transactions.ts";

/** What each transaction that happened leaves behind: per key that it wrote its last write. */
export interface FinalWrites {
  /** How many there are. */
  readonly count: number;
  /** Those of transaction `t` are `starts[t]` up to `starts[t + 1]`, by rising key. */
  readonly starts: Int32Array;
  readonly key: Int32Array;
  /** Transaction of each. */
  readonly owner: Int32Array;
  /** Of each micro-operation the number of the final write that it is; −1 where it is none. */
  readonly ofOperation: Int32Array;
}

/** The final writes of the transactions that happened. Linear, n log n in the keys of one transaction. */
export function finalWrites(transactions: RegisterTransactions, happened: Uint8Array): FinalWrites {
  const { count, starts: from, kind, key: keyOf, keys } = transactions;
  const starts = new Int32Array(count + 1);
  const key = new Int32Array(kind.length);
  const owner = new Int32Array(kind.length);
  const ofOperation = new Int32Array(kind.length).fill(-1);
  const last = new Int32Array(keys.length);
  const writtenBy = new Int32Array(keys.length).fill(-1);
  let size = 0;
  for (let t = 0; t < count; t++) {
    starts[t] = size;
    if (happened[t] === 0) continue;
    for (let at = from[t]!; at < from[t + 1]!; at++) {
      if (kind[at] !== WRITE) continue;
      const k = keyOf[at]!;
      last[k] = at;
      if (writtenBy[k] === t) continue;
      writtenBy[k] = t;
      key[size] = k;
      owner[size++] = t;
    }
    sortSlice(key, starts[t]!, size);
    for (let write = starts[t]!; write < size; write++) ofOperation[last[key[write]!]!] = write;
  }
  starts[count] = size;
  return { count: size, starts, key: key.subarray(0, size), owner: owner.subarray(0, size), ofOperation };
}

/** The number of the final write of `key` by transaction `t`; −1 where it did not write that key. */
export function finalWriteOf({ starts, key }: FinalWrites, t: number, wanted: number): number {
  let low = starts[t]!;
  let high = starts[t + 1]!;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (key[middle]! < wanted) low = middle + 1;
    else high = middle;
  }
  return low < starts[t + 1]! && key[low] === wanted ? low : -1;
}

/** Transactions are short as a rule: calling the sort of the language for three numbers is slow. */
const shortSlice = 24;

function sortSlice(values: Int32Array, from: number, to: number): void {
  if (to - from > shortSlice) {
    values.subarray(from, to).sort();
    return;
  }
  for (let at = from + 1; at < to; at++) {
    const value = values[at]!;
    let hole = at;
    for (; hole > from && values[hole - 1]! > value; hole--) values[hole] = values[hole - 1]!;
    values[hole] = value;
  }
}
