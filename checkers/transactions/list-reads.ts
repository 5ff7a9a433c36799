import { int32Column, longerInt32 } from "./large-columns.ts";
import { elementAppended, listRead } from "./list-operation.ts";
import type { ListOrder } from "./list-order.ts";
import { type ListTransactions, UNREAD } from "./list-transactions.ts";

type Preferred = { has(transaction: number): boolean };

/**
 * Finds reads that show something, for proofs. Groups all reads by key when it is asked for the first time,
 * which is linear; then each answer is linear in the reads of the key.
 */
export class ListReads {
  readonly #txns: ListTransactions;
  readonly #order: ListOrder;
  #groups: { readonly reads: Int32Array; readonly starts: Int32Array } | null = null;

  constructor(txns: ListTransactions, order: ListOrder) {
    this.#txns = txns;
    this.#order = order;
  }

  /**
   * A read of a beginning of the longest list in which an append is, so that it shows what came before that; −1. One
   * by a transaction that is preferred, else the one whose transaction ended first.
   */
  ofBeginning(append: number, preferred: Preferred): number {
    const { end, oddSource, place } = this.#order;
    const at = place[append]!;
    if (at < 0) return -1;
    return this.#best(this.#txns.key[append]!, preferred, (read) => !oddSource.has(read) && end[read]! > at);
  }

  /** Any read in whose list an append is, chosen in the same way; −1. */
  of(append: number, preferred: Preferred): number {
    const { end, oddSource, place } = this.#order;
    const code = this.#txns.codeOf(elementAppended(this.#txns, append));
    return this.#best(this.#txns.key[append]!, preferred, (read) =>
      oddSource.has(read)
        ? listRead(this.#txns, read).some((element) => this.#txns.codeOf(element) === code)
        : place[append]! >= 0 && end[read]! > place[append]!,
    );
  }

  #best(key: number, preferred: Preferred, shows: (read: number) => boolean): number {
    const { owner, completion } = this.#txns;
    this.#groups ??= readsByKey(this.#txns);
    const { reads, starts } = this.#groups;
    let best = -1;
    for (let at = starts[key]!; at < starts[key + 1]!; at++) {
      const read = reads[at]!;
      if (!shows(read)) continue;
      if (preferred.has(owner[read]!)) return read;
      if (best < 0 || completion[owner[read]!]! < completion[owner[best]!]!) best = read;
    }
    return best;
  }
}

function readsByKey({ key, isAppend, token, keys, starts: own, count }: ListTransactions) {
  const size = own[count]!;
  const starts = int32Column(keys.length + 1);
  const isKnown = (at: number): boolean => isAppend[at] === 0 && token[at] !== UNREAD;
  for (let at = 0; at < size; at++) if (isKnown(at)) starts[key[at]! + 1]!++;
  for (let at = 0; at < keys.length; at++) starts[at + 1]! += starts[at]!;
  const next = longerInt32(starts.subarray(0, keys.length), keys.length);
  const reads = int32Column(starts[keys.length]!);
  for (let at = 0; at < size; at++) if (isKnown(at)) reads[next[key[at]!]!++] = at;
  return { reads, starts };
}
