import type { HappensBefore } from "./happens-before.ts";
import type { SessionSlots } from "./session-slots.ts";
import type { VisibleHistory } from "./visible-history.ts";

/** Finds contradictions between the demands of one session on the order of transactions of the same slot. */
export class DemandCycles {
  readonly #history: VisibleHistory;
  readonly #before: HappensBefore;
  readonly #slots: SessionSlots;
  /** Place of each transaction in some order that agrees with happens-before. */
  readonly #rank: Int32Array;
  /** Per transaction: its first demand, −1: none. Demands lead from writers to the source. */
  readonly #first: Int32Array;
  #next: number[] = [];
  #writer: number[] = [];
  /** Per transaction: 2·round while on the way, 2·round + 1 when done. */
  readonly #state: Int32Array;
  #round = 0;

  /** `order` must agree with happens-before; one in which most demands are met makes it fast. */
  constructor(history: VisibleHistory, before: HappensBefore, slots: SessionSlots, order: Int32Array) {
    this.#history = history;
    this.#before = before;
    this.#slots = slots;
    const count = history.happened.length;
    this.#rank = new Int32Array(count);
    for (let at = 0; at < order.length; at++) this.#rank[order[at]!] = at;
    this.#first = new Int32Array(count).fill(-1);
    this.#state = new Int32Array(count);
  }

  /**
   * Is there a cycle of happens-before and of the demands "each other writer of the key in the slot of the source
   * comes before it", for the final writes `sources`, each with the position of its last reader in the session? Of each chain the last writer matters, as the others
   * precede it. Where the given order meets all demands there is no look at the graph; else it is linear in
   * the slots concerned.
   */
  has(sources: readonly number[], lastReader: Int32Array): boolean {
    const unmet: number[] = [];
    const { writes } = this.#history;
    for (const source of sources) {
      const t = writes.owner[source]!;
      if (this.#addDemands(source, t, lastReader[source]!)) unmet.push(t);
    }
    this.#round++;
    const isCyclic = unmet.some((t) => this.#state[t]! < 2 * this.#round && this.#isOnCycle(t));
    for (const source of sources) this.#first[writes.owner[source]!] = -1;
    this.#next = [];
    this.#writer = [];
    return isCyclic;
  }

  /** Is one of them not met by the order? */
  #addDemands(source: number, t: number, reader: number): boolean {
    const { writes } = this.#history;
    const { byKey, slot } = this.#slots;
    const key = writes.key[source]!;
    let isUnmet = false;
    for (let at = byKey.starts[key]!; at < byKey.starts[key + 1]!; at = byKey.runEnd[at]!) {
      const write = this.#slots.lastWriteBefore(at, reader);
      const writer = write < 0 ? t : writes.owner[write]!;
      if (writer === t || slot[writer] !== slot[t]) continue;
      if (this.#rank[writer]! > this.#rank[t]!) isUnmet = true;
      this.#next.push(this.#first[t]!);
      this.#first[t] = this.#writer.length;
      this.#writer.push(writer);
    }
    return isUnmet;
  }

  /** Looks backwards from `start`, in its slot; what was looked at before is on no cycle. */
  #isOnCycle(start: number): boolean {
    const { starts, predecessors } = this.#before;
    const { slot } = this.#slots;
    const onWay = 2 * this.#round;
    const path: { readonly t: number; at: number; demand: number }[] = [];
    const enter = (t: number): void => {
      this.#state[t] = onWay;
      path.push({ t, at: starts[t]!, demand: this.#first[t]! });
    };
    enter(start);
    for (let last = path.at(-1); last !== undefined; last = path.at(-1)) {
      let next: number;
      if (last.at < starts[last.t + 1]!) next = predecessors[last.at++]!;
      else if (last.demand >= 0) {
        next = this.#writer[last.demand]!;
        last.demand = this.#next[last.demand]!;
      } else {
        this.#state[last.t] = onWay + 1;
        path.pop();
        continue;
      }
      if (slot[next] !== slot[start]) continue;
      if (this.#state[next] === onWay) return true;
      if (this.#state[next]! < onWay) enter(next);
    }
    return false;
  }
}
