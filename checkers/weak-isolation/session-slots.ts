import type { HappensBefore } from "./happens-before.ts";
import type { VisibleHistory } from "./visible-history.ts";
import { type WritersByKey, writersByKey } from "./writers-by-key.ts";

/** The slot of what does not come before anything in the session. */
export const outside: number = 2 ** 31 - 1;

/**
 * What comes before what in one session: the slot of a transaction is the position in the session's chain of
 * the first one that it comes before, or that it is. Along every chain slots only rise. In place of
 * a clock for each transaction of the session there is one number for each transaction of the history.
 */
export class SessionSlots {
  /** The slot of each transaction; {@link outside} where it has none. */
  readonly slot: Int32Array;
  readonly byKey: WritersByKey;
  /** The chain that is looked at, −1: none yet. */
  chain = -1;
  readonly #history: VisibleHistory;
  readonly #before: HappensBefore;
  readonly #past: Int32Array;
  readonly #stack: Int32Array;
  #size = 0;

  /** Of a happens-before without cycles. */
  constructor(history: VisibleHistory, before: HappensBefore) {
    this.#history = history;
    this.#before = before;
    this.byKey = writersByKey(history.writes, history.chains, history.transactions.keys.length);
    this.slot = new Int32Array(history.happened.length).fill(outside);
    this.#past = new Int32Array(history.chains.order.length);
    this.#stack = new Int32Array(before.predecessors.length + 1);
  }

  /** Bytes that are kept. */
  get memoryBytes(): number {
    return 4 * (this.slot.length + this.#past.length + this.#stack.length + 3 * this.byKey.list.length);
  }

  /** Takes a chain: slots are what session order and reads-from say. Linear in its past. */
  begin(chain: number): void {
    const { starts, order, position } = this.#history.chains;
    for (let at = 0; at < this.#size; at++) this.slot[this.#past[at]!] = outside;
    this.#size = 0;
    this.chain = chain;
    for (let at = starts[chain]!; at < starts[chain + 1]!; at++) {
      this.lower(order[at]!, position[order[at]!]!, () => true);
    }
  }

  /**
   * Lowers the slot of `t` and of all that happened before it to at most `slot`. `lowered` is told each one
   * that had a higher slot; false makes it stop midway, and so does this method then answer.
   */
  lower(t: number, slot: number, lowered: (t: number) => boolean): boolean {
    const { starts, predecessors } = this.#before;
    if (this.slot[t]! <= slot) return true;
    this.#stack[0] = t;
    this.#set(t, slot);
    if (!lowered(t)) return false;
    for (let depth = 1; depth > 0; ) {
      const next = this.#stack[--depth]!;
      for (let at = starts[next]!; at < starts[next + 1]!; at++) {
        const p = predecessors[at]!;
        if (this.slot[p]! <= slot) continue;
        this.#set(p, slot);
        if (!lowered(p)) return false;
        this.#stack[depth++] = p;
      }
    }
    return true;
  }

  #set(t: number, slot: number): void {
    if (this.slot[t] === outside) this.#past[this.#size++] = t;
    this.slot[t] = slot;
  }

  /**
   * Of the run of writers of one key in one chain that begins at place `start` of `byKey`: the last final write
   * that comes before the transaction at `reader` in the session, −1 where there is none.
   */
  lastWriteBefore(start: number, reader: number): number {
    const { list, runEnd } = this.byKey;
    const { owner } = this.#history.writes;
    let low = start - 1;
    let high = runEnd[start]! - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.slot[owner[list[middle]!]!]! <= reader) low = middle;
      else high = middle - 1;
    }
    if (low < start) return -1;
    if (!this.#isOwn(list[low]!, reader)) return list[low]!;
    return low === start ? -1 : list[low - 1]!;
  }

  /** A final write of `key` that comes before the transaction at `reader` in the session, −1: there is none. */
  anyWriteBefore(key: number, reader: number): number {
    const { starts, list, runEnd } = this.byKey;
    for (let at = starts[key]!; at < starts[key + 1]!; at = runEnd[at]!) {
      const write = list[at]!;
      const isBefore = this.slot[this.#history.writes.owner[write]!]! <= reader;
      if (isBefore && !this.#isOwn(write, reader)) return write;
    }
    return -1;
  }

  #isOwn(write: number, reader: number): boolean {
    const { writes, chains } = this.#history;
    const t = writes.owner[write]!;
    return chains.chain[t] === this.chain && chains.position[t] === reader;
  }
}
