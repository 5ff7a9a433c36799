import type { ChoiceOrder } from "./choice-order.ts";
import { CLOCK, type EdgeList, SESSION } from "./dependency-graph.ts";
import { EventGraph } from "./event-graph.ts";
import type { OrderDemand } from "./isolation-levels.ts";
import type { VersionSuccessors } from "./register-dependencies.ts";
import { COMMITTED, READ, type RegisterTransactions } from "./register-transactions.ts";
import { isInstalled, type RegisterVersions } from "./register-versions.ts";

/** What all transactions together must have been. */
export type OrderGoal = "serial" | "snapshot";

/** What is searched in. */
export interface ChoiceTask {
  readonly txns: RegisterTransactions;
  readonly facts: RegisterVersions;
  readonly successors: VersionSuccessors;
  readonly goal: OrderGoal;
  readonly demand: OrderDemand;
  /** Relations of sessions or moments of time, as {@link addSessionOrder} and its like make them. */
  readonly order: EdgeList;
  /** Transactions and moments. */
  readonly nodes: number;
  /** Asked now and then, with the work done: why the search must end, or null. */
  readonly exceeded: (work: number) => string | null;
}

/** There is such an order; there is none, as these transactions show; or the search had to end. */
export type ChoiceResult =
  | { readonly kind: "found" }
  | { readonly kind: "none"; readonly witness: readonly number[]; readonly choices: number }
  | { readonly kind: "ended"; readonly reason: string };

/** A read, or two writes, that an order does not explain, and the two ways to mend that. */
interface Conflict {
  /** −1 for both: not possible. */
  readonly otherFrom: number;
  readonly otherTo: number;
  readonly from: number;
  readonly to: number;
  readonly witness: readonly number[];
}

/**
 * Looks for an order of the transactions, or of their beginnings and commits, that explains what each read:
 * nobody wrote a key between the writer of what was read and the reader, and for snapshots no two that
 * write one key overlap. It keeps an order that all known relations agree with, and mends what it does
 * not explain: by the one way that is left where only one is, else by choice, going back on the last choice
 * where nothing is left. Linear where the first order is right or nearly so; exponential at worst, so it
 * ends when `exceeded` says so.
 *
 * The idea of pruning choices by what is known already is that of Cobra (Tan et al., OSDI 2020) and PolySI
 * (Huang et al., VLDB 2023).
 */
export function findVersionOrder(task: ChoiceTask): ChoiceResult {
  return new ChoiceSearch(task).run();
}

class ChoiceSearch {
  readonly #task: ChoiceTask;
  readonly #events: EventGraph;
  #order: ChoiceOrder | null = null;
  readonly #trail: { readonly length: number; readonly from: number; readonly to: number }[] = [];
  #choices = 0;
  /** Versions of each key that were installed, sorted by the place of their commits. */
  readonly #versions: number[][] = [];
  /** Place of each version among those of its key. */
  readonly #rank: Int32Array;
  readonly #reads: number[] = [];

  constructor(task: ChoiceTask) {
    this.#task = task;
    const { txns, facts, goal, nodes } = task;
    this.#events = new EventGraph(txns, nodes, goal === "snapshot");
    this.#rank = new Int32Array(txns.writer.length).fill(-1);
    for (let key = 0; key < txns.keys.length; key++) this.#versions.push([]);
    for (let version = txns.keys.length; version < txns.writer.length; version++) {
      if (isInstalled(txns, facts, version)) this.#versions[txns.versionKey[version]!]!.push(version);
    }
    const size = txns.starts[txns.count]!;
    for (let at = 0; at < size; at++) {
      if (txns.kind[at] !== READ || facts.previous[at]! >= 0 || txns.version[at]! < 0) continue;
      if (txns.outcome[txns.owner[at]!] === COMMITTED) this.#reads.push(at);
    }
  }

  run(): ChoiceResult {
    this.#relate();
    const order = this.#events.ordered();
    if (order === null) return { kind: "none", witness: [0], choices: 0 };
    this.#order = order;
    for (;;) {
      const over = this.#task.exceeded(order.work);
      if (over !== null) return { kind: "ended", reason: `${over}, after ${this.#choices} choices` };
      const outcome = this.#pass();
      if (outcome === "clean") return { kind: "found" };
      if (outcome !== "mended") return { kind: "none", witness: outcome, choices: this.#choices };
    }
  }

  /** Adds what is known: who read whose writes, known orders of versions, and the order that is demanded. */
  #relate(): void {
    const { txns, facts, successors, order } = this.#task;
    const { owner, writer, version, keys } = txns;
    const events = this.#events;
    for (const read of this.#reads) {
      const seen = version[read]!;
      if (!isInstalled(txns, facts, seen)) continue;
      const by = owner[writer[seen]!]!;
      if (by !== owner[read]) events.relate(events.end(by), events.begin(owner[read]!));
    }
    const { heads, targets } = successors.certain;
    for (let from = keys.length; from < writer.length; from++) {
      if (!isInstalled(txns, facts, from)) continue;
      for (let at = heads[from]!; at < heads[from + 1]!; at++) {
        events.relate(events.end(owner[writer[from]!]!), events.begin(owner[writer[targets[at]!]!]!));
      }
    }
    for (let at = 0; at < order.length; at++) {
      const [from, to] = [order.from[at]!, order.to[at]!];
      if (order.kind[at] === SESSION) events.relate(events.end(from), events.begin(to));
      else if (order.kind[at] === CLOCK) events.relate(events.moment(from), events.begin(to));
      else events.relate(events.end(from), events.moment(to));
    }
  }

  /** Mends all that the order does not explain; "clean" where there is nothing, or who is to blame. */
  #pass(): "clean" | "mended" | readonly number[] {
    this.#sortVersions();
    let outcome: "clean" | "mended" = "clean";
    for (const read of this.#reads) {
      const conflict = this.#conflictOfRead(read);
      if (conflict === null) continue;
      outcome = "mended";
      if (!this.#mend(conflict)) return conflict.witness;
    }
    if (this.#task.goal === "serial") return outcome;
    for (const versions of this.#versions) {
      for (let at = 1; at < versions.length; at++) {
        const conflict = this.#conflictOfWrites(versions[at - 1]!, versions[at]!);
        if (conflict === null) continue;
        outcome = "mended";
        if (!this.#mend(conflict)) return conflict.witness;
      }
    }
    return outcome;
  }

  /** By insertion: from one pass to the next little changes. */
  #sortVersions(): void {
    const { owner, writer } = this.#task.txns;
    const place = this.#order!.place;
    const placeOf = (version: number): number => place[this.#events.end(owner[writer[version]!]!)]!;
    for (const versions of this.#versions) {
      for (let at = 1; at < versions.length; at++) {
        const version = versions[at]!;
        const own = placeOf(version);
        let to = at;
        for (; to > 0 && placeOf(versions[to - 1]!) > own; to--) versions[to] = versions[to - 1]!;
        versions[to] = version;
      }
      for (let at = 0; at < versions.length; at++) this.#rank[versions[at]!] = at;
    }
  }

  /** Did someone write the key between the writer of what was read and the reader? */
  #conflictOfRead(read: number): Conflict | null {
    const { txns, facts } = this.#task;
    const seen = txns.version[read]!;
    const key = txns.key[read]!;
    const isFirst = seen === facts.initial[key];
    if (!isFirst && this.#rank[seen]! < 0) return null;
    const next = this.#versions[key]![isFirst ? 0 : this.#rank[seen]! + 1];
    if (next === undefined) return null;
    const [reader, by] = [txns.owner[read]!, txns.owner[txns.writer[next]!]!];
    if (reader === by) return null;
    const events = this.#events;
    const place = this.#order!.place;
    if (place[events.begin(reader)]! < place[events.end(by)]!) return null;
    const from = events.begin(reader);
    const to = events.end(by);
    if (isFirst) return { otherFrom: -1, otherTo: -1, from, to, witness: [reader, by] };
    const source = txns.owner[txns.writer[seen]!]!;
    // What was mended before in the same pass may have put the write in front already.
    if (place[events.end(by)]! < place[events.begin(source)]!) return null;
    const witness = [source, by, reader];
    return { otherFrom: events.end(by), otherTo: events.begin(source), from, to, witness };
  }

  /** Do two that wrote a key one after the other overlap? */
  #conflictOfWrites(first: number, second: number): Conflict | null {
    const { owner, writer } = this.#task.txns;
    const [a, b] = [owner[writer[first]!]!, owner[writer[second]!]!];
    const events = this.#events;
    const place = this.#order!.place;
    const isApart = (x: number, y: number): boolean => place[events.end(x)]! < place[events.begin(y)]!;
    if (isApart(a, b) || isApart(b, a)) return null;
    const [from, to] = [events.end(a), events.begin(b)];
    return { otherFrom: events.end(b), otherTo: events.begin(a), from, to, witness: [a, b] };
  }

  /** Adds one of the two relations that mend a conflict. False: nothing is left, whatever is chosen. */
  #mend({ otherFrom, otherTo, from, to }: Conflict): boolean {
    const order = this.#order!;
    const isOtherBarred = otherFrom < 0 || order.isBarred(otherFrom, otherTo);
    const before = order.length;
    if (isOtherBarred) return order.add(from, to) || this.#goBack();
    if (order.isBarred(from, to)) return order.add(otherFrom, otherTo);
    this.#choices++;
    const { place } = order;
    // The way that moves less is tried first.
    const isOtherNearer = place[otherFrom]! - place[otherTo]! < place[from]! - place[to]!;
    const [first, second] = isOtherNearer
      ? [
          { from: otherFrom, to: otherTo },
          { from, to },
        ]
      : [
          { from, to },
          { from: otherFrom, to: otherTo },
        ];
    this.#trail.push({ length: before, ...second });
    return order.add(first.from, first.to);
  }

  /** Takes the last choice back and takes the other way instead. */
  #goBack(): boolean {
    const order = this.#order!;
    for (let choice = this.#trail.pop(); choice !== undefined; choice = this.#trail.pop()) {
      order.takeBack(choice.length);
      if (order.add(choice.from, choice.to)) return true;
    }
    return false;
  }
}
