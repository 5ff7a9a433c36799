import type { CheckBudget } from "../check-budget.ts";
import { guessCommitOrder } from "./commit-guess.ts";
import { DemandCycles } from "./demand-cycles.ts";
import type { HappensBefore } from "./happens-before.ts";
import { SessionSlots } from "./session-slots.ts";
import type { VisibleHistory } from "./visible-history.ts";

/** What a pass over the sessions found. */
export interface MemoryAnswer {
  /** The chains whose reads no order explains, in their order. */
  readonly broken: readonly number[];
  /** Why the budget stopped it, or null. */
  readonly stopped: string | null;
}

/**
 * Decides causal memory: is there for every session an order of what happened before its last transaction
 * that agrees with session order and reads-from and gives the session its reads?
 *
 * Where one of the session's transactions reads a key from `source`, each other writer of the key that comes before
 * the reader comes before `source`: added until nothing changes that is the happened-before of
 * Bouajjani et al. (POPL 2017, section 4) for the last transaction of the session, which contains those of
 * the earlier ones. It is kept as slots: a demand lowers the slot of the writer, and of all before it, to that of the
 * source. Demands of late readers come first; they only concern what has lower slots than the
 * readers, so that each is met again only where its source is lowered. No demand leads to a lower
 * slot: so a contradiction either moves one of the session's own transactions, or is a cycle within one slot.
 * For transactions the argument is the same: by slots, and within a slot in any order that agrees, all reads are right.
 *
 * Reads that are not repeatable are left out: no order allows them.
 *
 * O(n) for the past of each session and O(c·log n) for each read of a key that c sessions write, and what
 * lowering costs, which is little where demands seldom follow from demands; O(n·s) at worst for each of
 * the s transactions of a session. Memory O(n).
 */
export class MemoryPass {
  readonly #history: VisibleHistory;
  readonly #slots: SessionSlots;
  readonly #cycles: DemandCycles;
  /** Per final write: position of the last transaction of the chain that reads it, 0: none. */
  readonly #lastReader: Int32Array;
  /** The final writes that the chain reads, those that are read last first. */
  #sources: number[] = [];
  /** Transactions whose slot became lower and which the chain reads. */
  #lowered: number[] = [];

  /** Of a happens-before without cycles. */
  constructor(history: VisibleHistory, before: HappensBefore) {
    this.#history = history;
    this.#slots = new SessionSlots(history, before);
    this.#lastReader = new Int32Array(history.writes.count);
    this.#cycles = new DemandCycles(history, before, this.#slots, guessCommitOrder(history, before));
  }

  /** Goes through all chains. */
  run(budget: CheckBudget | undefined): MemoryAnswer {
    const broken: number[] = [];
    const { count } = this.#history.chains;
    for (let chain = 0; chain < count; chain++) {
      const stopped = budget?.exceeded(this.#slots.memoryBytes, chain / count) ?? null;
      if (stopped !== null) return { broken, stopped };
      if (!this.#isExplained(chain)) broken.push(chain);
    }
    return { broken, stopped: null };
  }

  #isExplained(chain: number): boolean {
    const initial = this.#takeReads(chain);
    if (this.#sources.length === 0 && initial.size === 0) return true;
    this.#slots.begin(chain);
    const isExplained =
      this.#meetDemands() &&
      [...initial].every(([key, reader]) => this.#slots.anyWriteBefore(key, reader) < 0) &&
      !this.#cycles.has(this.#sources, this.#lastReader);
    for (const write of this.#sources) this.#lastReader[write] = 0;
    return isExplained;
  }

  /** Notes what the chain reads. Answers per key the position of the last read of what was there before any write. */
  #takeReads(chain: number): Map<number, number> {
    const { chains, reads } = this.#history;
    const initial = new Map<number, number>();
    this.#sources = [];
    this.#lowered = [];
    for (let at = chains.starts[chain + 1]! - 1; at >= chains.starts[chain]!; at--) {
      const t = chains.order[at]!;
      for (let read = reads.starts[t]!; read < reads.starts[t + 1]!; read++) {
        if (reads.isRepeat[read] === 1) continue;
        const write = reads.write[read]!;
        const position = chains.position[t]!;
        if (write < 0) {
          const key = reads.key[read]!;
          if (!initial.has(key)) initial.set(key, position);
        } else if (this.#lastReader[write] === 0) {
          this.#lastReader[write] = position;
          this.#sources.push(write);
        }
      }
    }
    return initial;
  }

  /** Lowers slots until all demands are met; false: one of the chain's own would have to come before itself. */
  #meetDemands(): boolean {
    for (const source of this.#sources) {
      if (!this.#meet(source)) return false;
      for (let t = this.#lowered.pop(); t !== undefined; t = this.#lowered.pop()) {
        const { starts } = this.#history.writes;
        for (let write = starts[t]!; write < starts[t + 1]!; write++) {
          if (this.#lastReader[write]! > 0 && !this.#meet(write)) return false;
        }
      }
    }
    return true;
  }

  /** The other writers of the key that come before the last reader get no higher slot than the source. */
  #meet(source: number): boolean {
    const { writes } = this.#history;
    const { byKey, slot } = this.#slots;
    const reader = this.#lastReader[source]!;
    const key = writes.key[source]!;
    const own = writes.owner[source]!;
    if (slot[own] === reader) return true;
    for (let at = byKey.starts[key]!; at < byKey.starts[key + 1]!; at = byKey.runEnd[at]!) {
      const write = this.#slots.lastWriteBefore(at, reader);
      if (write < 0 || write === source) continue;
      if (!this.#slots.lower(writes.owner[write]!, slot[own]!, this.#noteLowered)) return false;
    }
    return true;
  }

  readonly #noteLowered = (t: number): boolean => {
    const { chains, writes } = this.#history;
    if (chains.chain[t] === this.#slots.chain) return false;
    for (let write = writes.starts[t]!; write < writes.starts[t + 1]!; write++) {
      if (this.#lastReader[write] === 0) continue;
      this.#lowered.push(t);
      break;
    }
    return true;
  };
}
