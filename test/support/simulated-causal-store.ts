import type { HistoryEvent, Json, Operation } from "../../checkers/history/operation.ts";
import type { ChoiceTape } from "./choice-tape.ts";

/** What a simulated store of replicas promises. */
export interface CausalStoreSimulation {
  /**
   * `causal-memory`: each client has a replica, which takes what others did when it has all that happened before it, and
   * concurrent writes in any order. `causal-consistency`: each transaction sees what its replica has, in an order of
   * its own.
   */
  readonly promise: "causal-memory" | "causal-consistency";
  readonly clients: number;
  readonly keys: number;
  /** Micro-operations of a transaction, at most. */
  readonly length: number;
  /** One in so many deliveries does not wait for what happened before, and so many reads return any value; 0: never. */
  readonly bugEvery: number;
  /** One transaction in so many is aborted, and one in so many has an unknown outcome; 0: never. */
  readonly endsBadlyEvery: number;
}

type Micro = [name: string, key: string, value: number | null];

interface Update {
  readonly writes: ReadonlyMap<string, number>;
  /** Numbers of all that happened before it. */
  readonly past: ReadonlySet<number>;
}

/** A history of such a store. Transactions take effect at once at their client's replica. */
export function simulateCausalStore(tape: ChoiceTape, simulation: CausalStoreSimulation): HistoryEvent[] {
  const { clients, keys, length, bugEvery, endsBadlyEvery, promise } = simulation;
  const events: HistoryEvent[] = [];
  const updates: Update[] = [];
  /** Numbers of the updates that each replica has, in its order. */
  const replicas: number[][] = Array.from({ length: clients }, () => []);
  const process = replicas.map((_, client) => client);
  let values = 0;
  const add = (client: number, type: Operation["type"], value: Json): void => {
    const index = events.length;
    events.push({ index, time: index, process: process[client]!, client, type, f: "txn", value });
    if (type === "info") process[client] = process[client]! + clients;
  };
  const deliver = (replica: number[]): void => {
    const missing = [...updates.keys()].filter((at) => !replica.includes(at));
    const isBug = bugEvery > 0 && tape.once(bugEvery);
    const ready = missing.filter(
      (at) => isBug || [...updates[at]!.past].every((one) => replica.includes(one)),
    );
    if (ready.length > 0) replica.push(tape.pick(ready));
  };
  const transact = (client: number): void => {
    const replica = replicas[client]!;
    const asked = Array.from({ length: 1 + tape.below(length) }, (): Micro => {
      const key = `k${tape.below(keys)}`;
      return tape.below(5) < 2 ? ["w", key, ++values] : ["r", key, null];
    });
    add(client, "invoke", asked);
    const how = endsBadlyEvery === 0 ? 2 : tape.below(endsBadlyEvery);
    if (how === 0) {
      add(client, "fail", asked);
      return;
    }
    const order = promise === "causal-memory" ? replica : someOrder(tape, updates, replica);
    const state = new Map<string, number>();
    for (const at of order) for (const [key, value] of updates[at]!.writes) state.set(key, value);
    const writes = new Map<string, number>();
    const done = asked.map(([name, key, value]): Micro => {
      if (name === "r") {
        const others = updates.flatMap((update) => update.writes.get(key) ?? []);
        const isWrong = bugEvery > 0 && !writes.has(key) && others.length > 0 && tape.once(bugEvery);
        return [name, key, isWrong ? tape.pick(others) : (state.get(key) ?? null)];
      }
      state.set(key, value!);
      writes.set(key, value!);
      return [name, key, value];
    });
    if (how !== 1 || tape.below(2) === 0) {
      updates.push({ writes, past: new Set(replica) });
      replica.push(updates.length - 1);
    }
    add(client, how === 1 ? "info" : "ok", how === 1 ? asked : done);
  };
  while (!tape.isUsedUp) {
    const client = tape.below(clients);
    if (tape.below(2) === 0) deliver(replicas[client]!);
    else transact(client);
  }
  return events;
}

/** The updates in any order in which each comes after all that happened before it. */
function someOrder(tape: ChoiceTape, updates: readonly Update[], replica: readonly number[]): number[] {
  const order: number[] = [];
  const left = new Set(replica);
  while (left.size > 0) {
    const ready = [...left].filter((at) => [...updates[at]!.past].every((one) => !left.has(one)));
    // In a store with the bug a replica may lack what came before.
    const next = tape.pick(ready.length > 0 ? ready : [...left]);
    order.push(next);
    left.delete(next);
  }
  return order;
}
