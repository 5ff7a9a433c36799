import type { VisibleHistory } from "./visible-history.ts";
import { type WritersByKey, writersByKey } from "./writers-by-key.ts";

/** The final writes of each key by transactions of some chains, in the order in which they are visited. */
export class VisitedWriters {
  readonly byKey: WritersByKey;
  /** Per key: its places in all columns below. */
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** Per key: the place after the last visited one. */
  readonly end: Int32Array;
  /** Per key: how many of the chains write it. */
  readonly runs: Int32Array;
  /** By place: the final write, the column of its chain, and the position in the chain. */
  readonly writes: Int32Array;
  readonly column: Int32Array;
  readonly position: Int32Array;
  /** Per final write, also of other chains: the place after the last one visited when it was, itself included. */
  readonly place: Int32Array;
  readonly #history: VisibleHistory;
  #first = 0;
  #width = 0;

  /** No chains are chosen yet. */
  constructor(history: VisibleHistory) {
    const keys = history.transactions.keys.length;
    const { count } = history.writes;
    this.#history = history;
    this.byKey = writersByKey(history.writes, history.chains, keys);
    this.from = new Int32Array(keys);
    this.to = this.byKey.starts.slice(0, keys);
    this.end = new Int32Array(keys);
    this.runs = new Int32Array(keys);
    this.writes = new Int32Array(count);
    this.column = new Int32Array(count);
    this.position = new Int32Array(count);
    this.place = new Int32Array(count);
  }

  /** Begins again with the first chain. */
  restart(): void {
    this.to.set(this.byKey.starts.subarray(0, this.to.length));
  }

  /** Takes the `width` chains from `first` on, which must follow those taken before; nothing is visited yet. */
  choose(first: number, width: number): void {
    const { starts, list, runEnd } = this.byKey;
    const { chain } = this.#history.chains;
    const { owner } = this.#history.writes;
    const last = first + width;
    this.#first = first;
    this.#width = width;
    for (let k = 0; k < this.from.length; k++) {
      let at = this.to[k]!;
      this.from[k] = at;
      this.end[k] = at;
      let runs = 0;
      for (; at < starts[k + 1]! && chain[owner[list[at]!]!]! < last; at = runEnd[at]!) runs++;
      this.to[k] = at;
      this.runs[k] = runs;
    }
  }

  /** `t` is visited: its final writes take their places. */
  visit(t: number): void {
    const { writes, chains } = this.#history;
    const column = chains.chain[t]! - this.#first;
    const isOwn = column >= 0 && column < this.#width;
    for (let write = writes.starts[t]!; write < writes.starts[t + 1]!; write++) {
      const k = writes.key[write]!;
      const at = this.end[k]!;
      if (isOwn) {
        this.writes[at] = write;
        this.column[at] = column;
        this.position[at] = chains.position[t]!;
        this.end[k] = at + 1;
      }
      this.place[write] = this.end[k]!;
    }
  }
}
