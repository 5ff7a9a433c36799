import { CLOCK, SESSION } from "./dependency-graph.ts";
import { EventGraph } from "./event-graph.ts";
import { MemberGroups } from "./member-groups.ts";
import type { Reasons } from "./order-lessons.ts";
import { demandedOrder, type OrderProblem } from "./order-problem.ts";
import { type EitherOr, OrderSearch } from "./order-search.ts";
import { VersionPlaces } from "./version-places.ts";

/** There is such an order; there is none, as these transactions show together; or the search had to end. */
export type ChoiceResult =
  | { readonly kind: "found" }
  | { readonly kind: "none"; readonly transactions: readonly number[]; readonly choices: number }
  | { readonly kind: "ended"; readonly reason: string; readonly choices: number };

/**
 * Looks for an order of the transactions, or of their beginnings and commits, that explains what each read:
 * nobody wrote a key between the writer of what was read and the reader, and for snapshots no two that
 * write one key overlap. It keeps an order that all known relations agree with, at first that of the
 * commits, and mends what it does not explain: by the one way that is left where only one is, else by choice.
 * What is mended is only looked at again where the order has changed. Nearly linear where the first order is nearly
 * right; exponential at worst, so it ends when `exceeded`, asked now and then with the work done, says why.
 *
 * To leave out choices by what is known already is an idea of Cobra (Tan et al., OSDI 2020) and PolySI
 * (Huang et al., VLDB 2023), to begin with the order of the history one of VeriStrong (Cai et al., VLDB 2026).
 */
export function findVersionOrder(problem: OrderProblem, exceeded: WorkLimit): ChoiceResult {
  return new ChoiceSearch(problem, exceeded).run();
}

/** Answers why the search must end after that many steps, with that many bytes of what it learned; or null. */
export type WorkLimit = (work: number, learnedBytes: number) => string | null;

/** Steps of work after which the limit is asked again. */
const askedEvery = 100_000;

class ChoiceSearch {
  readonly #problem: OrderProblem;
  readonly #isSnapshot: boolean;
  readonly #events: EventGraph;
  readonly #nodes: number;
  /** Reads by what they saw, as {@link seenBy} says; and reads and writes by their transactions. */
  readonly #seen: Int32Array;
  readonly #readers: MemberGroups;
  readonly #readsOf: MemberGroups;
  readonly #writesOf: MemberGroups;
  #place: Int32Array = new Int32Array(0);
  readonly #exceeded: WorkLimit;
  #askedAt = 0;

  constructor(problem: OrderProblem, exceeded: WorkLimit) {
    this.#problem = problem;
    this.#exceeded = exceeded;
    const { reads, writes, keys, goal, timed } = problem;
    const { edges, nodes } = demandedOrder(problem);
    this.#nodes = nodes;
    this.#isSnapshot = goal === "snapshot";
    this.#events = new EventGraph(timed, nodes, this.#isSnapshot);
    this.#seen = seenBy(problem);
    this.#readers = new MemberGroups(writes.key.length + keys, this.#seen);
    this.#readsOf = new MemberGroups(timed.count, reads.owner);
    this.#writesOf = new MemberGroups(timed.count, writes.owner);
    this.#relate();
    for (let at = 0; at < edges.length; at++) {
      const [from, to] = [edges.from[at]!, edges.to[at]!];
      const [events, kind] = [this.#events, edges.kind[at]];
      if (kind === SESSION) events.relate(events.end(from), events.begin(to));
      else if (kind === CLOCK) events.relate(events.moment(from), events.begin(to));
      else events.relate(events.end(from), events.moment(to));
    }
  }

  run(): ChoiceResult {
    const order = this.#events.ordered();
    // Cycles of what is known are looked for before; where one was not found, nothing can be said.
    if (order === null) return { kind: "ended", reason: "what is known contradicts itself", choices: 0 };
    const search = new OrderSearch(order);
    this.#place = order.place;
    const versions = this.#sorted();
    const { writes, keys } = this.#problem;
    let doubtful = new Set<number>(Array(writes.key.length + keys).keys());
    while (doubtful.size > 0) {
      const over = this.#exceeded(search.work, search.learnedBytes);
      const left = over === null ? this.#mend(search, versions, doubtful) : over;
      if (typeof left === "string") {
        const { choices, contradictions } = search;
        const reason = `${left}, after ${choices} choices and ${contradictions} contradictions`;
        return { kind: "ended", reason, choices };
      }
      if (left === null) {
        return { kind: "none", transactions: this.#blamed(search), choices: search.choices };
      }
      doubtful = left;
      this.#addMoved(order.takeMoved(), versions, doubtful);
    }
    return { kind: "found" };
  }

  /** Adds what is known: who read whose writes, and known orders of versions. */
  #relate(): void {
    const { reads, writes, followers } = this.#problem;
    const events = this.#events;
    for (let read = 0; read < reads.key.length; read++) {
      if (reads.write[read]! < 0) continue;
      const by = writes.owner[reads.write[read]!]!;
      if (by !== reads.owner[read]) events.relate(events.end(by), events.begin(reads.owner[read]!));
    }
    for (const [from, to] of followers) {
      events.relate(events.end(writes.owner[from]!), events.begin(writes.owner[to]!));
    }
  }

  #sorted(): VersionPlaces {
    const { keys, writes } = this.#problem;
    const lists: number[][] = Array.from({ length: keys }, () => []);
    for (let write = 0; write < writes.key.length; write++) lists[writes.key[write]!]!.push(write);
    const { key, owner } = writes;
    return new VersionPlaces(lists, key, (write) => this.#place[this.#events.end(owner[write]!)]!);
  }

  /**
   * Mends what the order does not explain of these writes: what their readers say, and whether the writers
   * overlap. Answers those of which that is not known yet, or why it must end; null: there is no order.
   */
  #mend(
    search: OrderSearch,
    versions: VersionPlaces,
    doubtful: ReadonlySet<number>,
  ): Set<number> | string | null {
    const left = new Set<number>();
    for (const write of doubtful) {
      for (const conflict of this.#conflicts(write, versions)) {
        left.add(write);
        if (!search.settle(conflict, this.#isOtherNearer(conflict))) return null;
        if (search.work < this.#askedAt + askedEvery) continue;
        this.#askedAt = search.work;
        const over = this.#exceeded(search.work, search.learnedBytes);
        if (over !== null) return over;
      }
    }
    return left;
  }

  /** What the order does not explain of a write, one after the other: they may be mended in between. */
  *#conflicts(write: number, versions: VersionPlaces): Generator<EitherOr, void, undefined> {
    for (const read of this.#readers.of(write)) {
      const conflict = this.#conflictOfRead(read, versions);
      if (conflict !== null) yield conflict;
    }
    if (!this.#isSnapshot || write >= this.#problem.writes.key.length) return;
    const next = versions.next(write);
    const conflict = next === undefined ? null : this.#conflictOfWrites(write, next);
    if (conflict !== null) yield conflict;
  }

  /** Adds the writes that have to be looked at because these events have other places now. */
  #addMoved(events: readonly number[], versions: VersionPlaces, doubtful: Set<number>): void {
    const { timed, writes } = this.#problem;
    const moved: number[] = [];
    for (const event of events) {
      const transaction = event < this.#nodes ? event : event - this.#nodes;
      if (transaction >= timed.count) continue;
      for (const read of this.#readsOf.of(transaction)) doubtful.add(this.#seen[read]!);
      for (const write of this.#writesOf.of(transaction)) moved.push(write);
    }
    versions.moved(
      moved,
      (write) => doubtful.add(write),
      (key) => doubtful.add(writes.key.length + key),
    );
  }

  /** The way that moves less is tried first. */
  #isOtherNearer({ from, to, otherFrom, otherTo }: EitherOr): boolean {
    const place = this.#place;
    return place[otherFrom]! - place[otherTo]! < place[from]! - place[to]!;
  }

  /** Did someone write the key between the writer of what was read and the reader? */
  #conflictOfRead(read: number, versions: VersionPlaces): EitherOr | null {
    const { reads, writes } = this.#problem;
    const seen = reads.write[read]!;
    const next = seen < 0 ? versions.first(reads.key[read]!) : versions.next(seen);
    if (next === undefined) return null;
    const [reader, by] = [reads.owner[read]!, writes.owner[next]!];
    if (reader === by) return null;
    const events = this.#events;
    const place = this.#place;
    const [from, to] = [events.begin(reader), events.end(by)];
    if (place[from]! < place[to]!) return null;
    if (seen < 0) return { otherFrom: -1, otherTo: -1, from, to, rule: [reader, by] };
    const source = writes.owner[seen]!;
    const [otherFrom, otherTo] = [events.end(by), events.begin(source)];
    // What was mended before in the same pass may have put the write in front already.
    if (place[otherFrom]! < place[otherTo]!) return null;
    return { otherFrom, otherTo, from, to, rule: [source, by, reader] };
  }

  /** Do two that wrote a key one after the other overlap? */
  #conflictOfWrites(first: number, second: number): EitherOr | null {
    const { owner } = this.#problem.writes;
    const [a, b] = [owner[first]!, owner[second]!];
    const events = this.#events;
    const place = this.#place;
    const isApart = (x: number, y: number): boolean => place[events.end(x)]! < place[events.begin(y)]!;
    if (isApart(a, b) || isApart(b, a)) return null;
    const [from, to] = [events.end(a), events.begin(b)];
    return { otherFrom: events.end(b), otherTo: events.begin(a), from, to, rule: [a, b] };
  }

  /** All transactions that something speaks of from which it was concluded that there is no order. */
  #blamed(search: OrderSearch): number[] {
    const { order, refutation } = search;
    const blamed = new Set<number>();
    const done = new Set<unknown>();
    const open: Reasons[] = [refutation!];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      for (const rule of next.rules) for (const transaction of rule) blamed.add(transaction);
      for (const lesson of next.lessons) {
        if (done.has(lesson)) continue;
        done.add(lesson);
        open.push(lesson);
      }
      for (const edge of next.edges) {
        if (done.has(edge)) continue;
        done.add(edge);
        const reason = search.reasonOf(edge);
        if (reason !== null) open.push(reason);
        else for (const event of [order.from[edge]!, order.to[edge]!]) this.#blameEvent(event, blamed);
      }
    }
    return [...blamed];
  }

  #blameEvent(event: number, blamed: Set<number>): void {
    const transaction = event < this.#nodes ? event : event - this.#nodes;
    if (transaction < this.#problem.timed.count) blamed.add(transaction);
  }
}

/** What each read saw: a write, or behind all writes the key of which it saw what was there before. */
function seenBy({ reads, writes }: OrderProblem): Int32Array {
  return reads.write.map((write, read) => (write >= 0 ? write : writes.key.length + reads.key[read]!));
}
