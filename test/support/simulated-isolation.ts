import type { HistoryEvent, Json, Operation } from "../../checkers/history/operation.ts";
import type { ChoiceTape } from "./choice-tape.ts";

/** What a simulated store promises; `serializable` is stronger than what weak isolation can tell. */
export type StoreLevel = "read-committed" | "read-atomic" | "causal" | "serializable";

/** What a simulated store of transactions does. */
export interface IsolationSimulation {
  readonly level: StoreLevel;
  readonly clients: number;
  readonly keys: number;
  /** Micro-operations of a transaction, at most. */
  readonly length: number;
  /** One read in so many returns any value of its key that somebody asked to write; 0: never. */
  readonly bugEvery: number;
  /** One transaction in so many is aborted, and one in so many has an unknown outcome; 0: never. */
  readonly endsBadlyEvery: number;
}

type Micro = [name: string, key: string, value: number | null];

interface Stored {
  /** Number in the order of commits. */
  readonly at: number;
  readonly writes: ReadonlyMap<string, number>;
  /** Numbers of all that happened before it, itself included. */
  readonly past: ReadonlySet<number>;
}

/**
 * A store that keeps what its level promises and no more: a transaction sees some set of committed ones,
 * and of each key the last value in the order of commits in that set. Read committed: the set grows
 * within the transaction. Read atomic: it is one set, with all of the session's own. Causal: with each transaction all
 * that happened before it. Clients have one transaction open at a time.
 */
export function simulateIsolation(tape: ChoiceTape, simulation: IsolationSimulation): HistoryEvent[] {
  const { clients, keys, length, bugEvery, endsBadlyEvery } = simulation;
  const events: HistoryEvent[] = [];
  const committed: Stored[] = [];
  const acknowledged: Stored[][] = Array.from({ length: clients }, () => []);
  const asked: Micro[] = [];
  const open: (Micro[] | null)[] = Array.from({ length: clients }, () => null);
  const process = open.map((_, client) => client);
  let values = 0;
  const add = (client: number, type: Operation["type"], value: Json): void => {
    const index = events.length;
    events.push({ index, time: index, process: process[client]!, client, type, f: "txn", value });
    if (type === "info") process[client] = process[client]! + clients;
  };
  const begin = (client: number): void => {
    const operations = Array.from({ length: 1 + tape.below(length) }, (): Micro => {
      const key = `k${tape.below(keys)}`;
      return tape.below(2) === 0 ? ["w", key, ++values] : ["r", key, null];
    });
    asked.push(...operations.filter(([name]) => name === "w"));
    open[client] = operations;
    add(client, "invoke", operations);
  };
  const end = (client: number, operations: Micro[]): void => {
    open[client] = null;
    const how = endsBadlyEvery === 0 ? 2 : tape.below(endsBadlyEvery);
    if (how === 0) {
      add(client, "fail", operations);
      return;
    }
    const view = new View(simulation.level, tape, committed, acknowledged[client]!);
    const writes = new Map<string, number>();
    const done = operations.map(([name, key, value]): Micro => {
      if (name === "w") {
        writes.set(key, value!);
        return [name, key, value];
      }
      const right = writes.get(key) ?? view.read(key);
      const others = asked.filter((one) => one[1] === key);
      const isWrong = bugEvery > 0 && others.length > 0 && tape.once(bugEvery);
      return [name, key, isWrong ? tape.pick(others)[2] : right];
    });
    const at = committed.length;
    const own = acknowledged[client]!.flatMap(({ past }) => [...past]);
    const stored = { at, writes, past: new Set([at, ...view.past(), ...own]) };
    const isKnown = how !== 1;
    if (isKnown || tape.below(2) === 0) committed.push(stored);
    if (isKnown) acknowledged[client]!.push(stored);
    add(client, isKnown ? "ok" : "info", isKnown ? done : operations);
  };
  while (!tape.isUsedUp) {
    const client = tape.below(clients);
    const operations = open[client]!;
    if (operations === null) begin(client);
    else end(client, operations);
  }
  for (const [client, operations] of open.entries()) if (operations !== null) end(client, operations);
  return events;
}

/** What one transaction sees. */
class View {
  readonly #level: StoreLevel;
  readonly #tape: ChoiceTape;
  readonly #committed: readonly Stored[];
  readonly #seen = new Set<number>();

  constructor(
    level: StoreLevel,
    tape: ChoiceTape,
    committed: readonly Stored[],
    acknowledged: readonly Stored[],
  ) {
    this.#level = level;
    this.#tape = tape;
    this.#committed = committed;
    if (level === "serializable") for (const { at } of committed) this.#seen.add(at);
    if (level === "read-atomic" || level === "causal") {
      for (const one of acknowledged) this.#see(one);
      this.#seeMore();
    }
  }

  read(key: string): number | null {
    if (this.#level === "read-committed") this.#seeMore();
    let value: number | null = null;
    for (const { at, writes } of this.#committed) {
      if (this.#seen.has(at)) value = writes.get(key) ?? value;
    }
    return value;
  }

  past(): number[] {
    return [...this.#seen].flatMap((at) => [...this.#committed[at]!.past]);
  }

  #seeMore(): void {
    const share = 1 + this.#tape.below(4);
    for (const one of this.#committed) if (this.#tape.below(4) < share) this.#see(one);
  }

  #see({ at, past }: Stored): void {
    if (this.#level === "causal") for (const before of past) this.#seen.add(before);
    else this.#seen.add(at);
  }
}
