import type { CheckBudget } from "../check-budget.ts";
import { withRoom } from "../transactions/pair-table.ts";
import { CausalClocks } from "./causal-clocks.ts";
import type { HappensBefore } from "./happens-before.ts";
import { SessionSlots } from "./session-slots.ts";
import type { VisibleHistory } from "./visible-history.ts";

/** What a pass over all transactions found. */
export interface ConsistencyAnswer {
  /** The transactions whose reads no order explains, by rising number. */
  readonly broken: readonly number[];
  /** Why the budget stopped it, or null. */
  readonly stopped: string | null;
}

/** Numbers in the clocks that are kept at a time. */
const clockRoom = 1 << 27;

/**
 * Decides weak causal consistency: is there for every transaction an order of what happened before it that
 * agrees with session order and reads-from and in which it reads of each key the last write? (Bouajjani
 * et al., POPL 2017, section 3.)
 *
 * All that happened before a transaction comes before it in such an order; so each other writer of a key that it
 * reads comes before the source, and that is all that is demanded. For one read that is broken
 * only where a visible writer has the source in its past. With several, a cycle may go from source to
 * source: `a` to `b` where a visible other writer of b's key has `a` in its past. What is visible is known
 * from slots, what has a source in its past from clocks of the sources' chains, `room` numbers at a time.
 *
 * For k chains and n micro-operations O(n·k) for clocks and slots, and O(s·c·log n) for each read of a key that c
 * sessions write by a transaction with s sources; all but the first again for each part of the chains that
 * fits in the room. Memory: the clocks, and the steps between sources that are not in causal order already.
 */
export class ConsistencyPass {
  readonly #history: VisibleHistory;
  readonly #slots: SessionSlots;
  readonly #clocks: CausalClocks;
  readonly #order: Int32Array;
  readonly #isBroken: Uint8Array;
  /** Steps between sources of one transaction: from the source of one read to that of another. */
  #from: Int32Array = new Int32Array(64);
  #to: Int32Array = new Int32Array(64);
  #steps = 0;

  /** Of a happens-before without cycles. */
  constructor(history: VisibleHistory, before: HappensBefore, room: number = clockRoom) {
    this.#history = history;
    this.#slots = new SessionSlots(history, before);
    this.#clocks = new CausalClocks(history.happened.length, history.chains, before, room);
    this.#order = before.order;
    this.#isBroken = new Uint8Array(history.happened.length);
  }

  /** Goes through all transactions, for some chains of sources after the other. */
  run(budget: CheckBudget | undefined): ConsistencyAnswer {
    const { count } = this.#history.chains;
    const { width } = this.#clocks;
    let stopped: string | null = null;
    for (let first = 0; first < count && stopped === null; first += width) {
      this.#clocks.first = first;
      for (let at = 0; at < this.#order.length; at++) this.#clocks.fill(this.#order[at]!);
      for (let chain = 0; chain < count && stopped === null; chain++) {
        const share = (first + (Math.min(width, count - first) * chain) / count) / count;
        stopped = budget?.exceeded(this.#memoryBytes(), share) ?? null;
        if (stopped === null) this.#lookAt(chain);
      }
    }
    this.#judgeSteps();
    const broken: number[] = [];
    for (let t = 0; t < this.#isBroken.length; t++) if (this.#isBroken[t] === 1) broken.push(t);
    return { broken, stopped };
  }

  #memoryBytes(): number {
    return this.#clocks.rows.byteLength + this.#slots.memoryBytes + 8 * this.#from.length;
  }

  #lookAt(chain: number): void {
    const { chains, reads } = this.#history;
    const from = chains.starts[chain]!;
    const to = chains.starts[chain + 1]!;
    const hasReads = (t: number): boolean => reads.starts[t]! < reads.starts[t + 1]!;
    if (!chains.order.subarray(from, to).some(hasReads)) return;
    this.#slots.begin(chain);
    for (let at = from; at < to; at++) {
      const t = chains.order[at]!;
      const sources = this.#sourcesOf(t);
      for (let read = reads.starts[t]!; read < reads.starts[t + 1]! && this.#isBroken[t] === 0; read++) {
        this.#lookAtRead(t, read, sources);
      }
    }
  }

  /** Of each source in the chains that are taken now the first read from it. */
  #sourcesOf(t: number): number[] {
    const { chains, reads } = this.#history;
    const { first, width } = this.#clocks;
    const sources = new Map<number, number>();
    for (let read = reads.starts[t]!; read < reads.starts[t + 1]!; read++) {
      const source = reads.writer[read]!;
      if (source < 0 || sources.has(source)) continue;
      const column = chains.chain[source]! - first;
      if (column >= 0 && column < width) sources.set(source, read);
    }
    return [...sources.values()];
  }

  #lookAtRead(t: number, read: number, sources: readonly number[]): void {
    const { reads, writes, chains } = this.#history;
    const { starts, runEnd } = this.#slots.byKey;
    const key = reads.key[read]!;
    const position = chains.position[t]!;
    const own = reads.writer[read]!;
    if (reads.isRepeat[read] === 1) this.#isBroken[t] = 1;
    else if (own < 0 && this.#slots.anyWriteBefore(key, position) >= 0) this.#isBroken[t] = 1;
    if (own < 0) return;
    for (let at = starts[key]!; at < starts[key + 1]!; at = runEnd[at]!) {
      const write = this.#slots.lastWriteBefore(at, position);
      if (write < 0 || write === reads.write[read]) continue;
      const w = writes.owner[write]!;
      for (const other of sources) {
        const source = reads.writer[other]!;
        if (source !== w && !this.#clocks.isBefore(source, w)) continue;
        if (source === own) this.#isBroken[t] = 1;
        else if (!this.#clocks.isBefore(source, own)) this.#addStep(other, read);
      }
    }
  }

  #addStep(from: number, to: number): void {
    if (this.#steps === this.#from.length) {
      this.#from = withRoom(this.#from, 2 * this.#steps);
      this.#to = withRoom(this.#to, 2 * this.#steps);
    }
    this.#from[this.#steps] = from;
    this.#to[this.#steps++] = to;
  }

  /** Looks for cycles from source to source, for each transaction with steps. */
  #judgeSteps(): void {
    const { reads, transactions } = this.#history;
    const steps = new Map<number, Map<number, Set<number>>>();
    for (let step = 0; step < this.#steps; step++) {
      const t = transactions.owner[reads.at[this.#from[step]!]!]!;
      const from = reads.writer[this.#from[step]!]!;
      const own = steps.get(t) ?? new Map<number, Set<number>>();
      const next = own.get(from) ?? new Set<number>();
      next.add(reads.writer[this.#to[step]!]!);
      steps.set(t, own.set(from, next));
    }
    for (const [t, own] of steps) if (hasCycle(own)) this.#isBroken[t] = 1;
  }
}

/** Takes off what nothing leads on from, until nothing is left or all that is left leads in circles. */
function hasCycle(steps: Map<number, Set<number>>): boolean {
  for (let isChanged = true; isChanged; ) {
    isChanged = false;
    for (const [from, next] of steps) {
      for (const to of next) if (!steps.has(to)) next.delete(to);
      if (next.size > 0) continue;
      steps.delete(from);
      isChanged = true;
    }
  }
  return steps.size > 0;
}
