import type { CheckBudget } from "../check-budget.ts";
import { CausalClocks } from "./causal-clocks.ts";
import { guessCommitOrder } from "./commit-guess.ts";
import type { HappensBefore } from "./happens-before.ts";
import type { InferredEdges } from "./inferred-edges.ts";
import type { VisibleHistory } from "./visible-history.ts";
import { VisitedWriters } from "./visited-writers.ts";

/** Transactions between two questions to the budget. */
const asked = 4096;
/** Newest writers that are asked first for what is known to commit before them. */
const newestMax = 12;

/** Goes through all transactions in the order of the guess, for some chains after the other. */
export class CausalPass {
  readonly #history: VisibleHistory;
  readonly #edges: InferredEdges;
  readonly #order: Int32Array;
  /** Place of each transaction in the order. */
  readonly #rank: Int32Array;
  readonly #clocks: CausalClocks;
  readonly #visited: VisitedWriters;
  /** Per final write: of the visited writers of its key, those before this place are itself or commit before it. */
  readonly #covered: Int32Array;
  /** Per final write: the transaction of the last edge to it in this round, −1: none. */
  readonly #last: Int32Array;

  /** Adds to `edges`; at most `room` numbers are kept in clocks. */
  constructor(history: VisibleHistory, before: HappensBefore, edges: InferredEdges, room: number) {
    this.#history = history;
    this.#edges = edges;
    this.#order = guessCommitOrder(history, before);
    this.#rank = new Int32Array(history.happened.length);
    for (let at = 0; at < this.#order.length; at++) this.#rank[this.#order[at]!] = at;
    this.#clocks = new CausalClocks(history.happened.length, history.chains, before, room);
    this.#visited = new VisitedWriters(history);
    this.#covered = new Int32Array(history.writes.count);
    this.#last = new Int32Array(history.writes.count);
  }

  /** Adds the demands that the order does not meet, or those that it meets. Why the budget stopped it, or null. */
  run(demands: "not met" | "met", budget: CheckBudget | undefined): string | null {
    const chains = this.#history.chains.count;
    const { width } = this.#clocks;
    this.#visited.restart();
    for (let first = 0; first < chains; first += width) {
      this.#clocks.first = first;
      this.#visited.choose(first, Math.min(width, chains - first));
      this.#last.fill(-1);
      for (let at = 0; at < this.#order.length; at++) {
        if (at % asked === 0 && budget !== undefined) {
          const share = (first + (width * at) / this.#order.length) / chains;
          const stop = budget.exceeded(this.#memoryBytes(), Math.min(1, share));
          if (stop !== null) return stop;
        }
        const t = this.#order[at]!;
        this.#clocks.fill(t);
        this.#addReads(t, demands === "met");
        if (demands === "met") this.#cover(t);
        this.#visited.visit(t);
      }
    }
    return null;
  }

  #memoryBytes(): number {
    return this.#clocks.rows.byteLength + 12 * this.#edges.before.length + 40 * this.#covered.length;
  }

  #addReads(t: number, isMet: boolean): void {
    const { reads } = this.#history;
    const { from, end, place, runs } = this.#visited;
    for (let read = reads.starts[t]!; read < reads.starts[t + 1]!; read++) {
      if (reads.isRepeat[read] === 1) continue;
      const k = reads.key[read]!;
      const write = reads.write[read]!;
      if (write < 0 && isMet) continue;
      const low = write < 0 ? from[k]! : isMet ? Math.max(from[k]!, this.#covered[write]!) : place[write]!;
      const high = isMet ? place[write]! : end[k]!;
      if (high - low > 16 + 4 * runs[k]!) this.#addLastOfChains(t, read, isMet);
      else if (high <= low) continue;
      else if (isMet) this.#addMet(t, read, low, high);
      else this.#addNotMet(t, read, low, high);
    }
  }

  /** The writers visited from place `low` on: after the source. */
  #addNotMet(t: number, read: number, low: number, high: number): void {
    const { position, column, writes } = this.#visited;
    const { rows, width } = this.#clocks;
    const own = t * width;
    for (let at = high - 1; at >= low; at--) {
      if (position[at]! > rows[own + column[at]!]!) continue;
      if (!this.#add(this.#history.writes.owner[writes[at]!]!, read)) return;
    }
  }

  /** The writers visited up to place `high`, where the source is; those before `low` are known to be before it. */
  #addMet(t: number, read: number, low: number, high: number): void {
    const { position, column, writes } = this.#visited;
    const { rows, width } = this.#clocks;
    const source = this.#history.reads.write[read]!;
    const own = t * width;
    const other = this.#history.reads.writer[read]! * width;
    let least = low;
    let gap = high;
    for (let at = high - 1; at >= least; at--) {
      const seen = position[at]!;
      if (seen > rows[own + column[at]!]!) {
        gap = at;
        continue;
      }
      const write = writes[at]!;
      if (write === source) continue;
      if (seen > rows[other + column[at]!]!) this.#add(this.#history.writes.owner[write]!, read);
      if (this.#covered[write]! > least) least = this.#covered[write]!;
    }
    if (gap > this.#covered[source]!) this.#covered[source] = gap;
  }

  /** Looks up the last visible writer of the key in each of the chains. */
  #addLastOfChains(t: number, read: number, isMet: boolean): void {
    const { reads, writes, chains } = this.#history;
    const { list, runEnd } = this.#visited.byKey;
    const { rows, width, first } = this.#clocks;
    const k = reads.key[read]!;
    const source = reads.writer[read]!;
    const own = t * width - first;
    const to = this.#visited.to[k]!;
    for (let at = this.#visited.from[k]!; at < to; at = runEnd[at]!) {
      const seen = rows[own + chains.chain[writes.owner[list[at]!]!]!]!;
      let low = at - 1;
      let high = runEnd[at]! - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (chains.position[writes.owner[list[middle]!]!]! <= seen) low = middle;
        else high = middle - 1;
      }
      if (low < at) continue;
      const w = writes.owner[list[low]!]!;
      if (w === source || (source >= 0 && this.#rank[w]! < this.#rank[source]! !== isMet)) continue;
      if (!this.#add(w, read)) return;
    }
  }

  /** Adds an edge from a visible writer unless it is implied; false: the read needs no more of them. */
  #add(w: number, read: number): boolean {
    const { writer, write } = this.#history.reads;
    const source = writer[read]!;
    if (source < 0) {
      this.#edges.add(w, -1, read);
      return false;
    }
    const last = this.#last[write[read]!]!;
    if (w === last || (last >= 0 && this.#clocks.isBefore(w, last)) || this.#clocks.isBefore(w, source)) {
      return true;
    }
    this.#edges.add(w, source, read);
    this.#last[write[read]!] = w;
    return true;
  }

  /** Of each final write of `t` the leading writers of its key that happened before it, or before one that did. */
  #cover(t: number): void {
    const { writes } = this.#history;
    const { from, end, position, column, writes: visited, byKey } = this.#visited;
    const { rows, width } = this.#clocks;
    const own = t * width;
    for (let write = writes.starts[t]!; write < writes.starts[t + 1]!; write++) {
      const k = writes.key[write]!;
      const last = end[k]!;
      const before = byKey.previous[write]!;
      let covered = before < 0 ? from[k]! : Math.max(from[k]!, this.#covered[before]!);
      const oldest = Math.max(covered, last - newestMax);
      for (let at = last - 1; at >= oldest; at--) {
        if (position[at]! > rows[own + column[at]!]!) continue;
        covered = Math.max(covered, this.#covered[visited[at]!]!);
        break;
      }
      while (covered < last && position[covered]! <= rows[own + column[covered]!]!) covered++;
      this.#covered[write] = covered;
    }
  }
}
