import type { History } from "../checkers/history/history.ts";
import { HistoryBuilder } from "../checkers/history/history-builder.ts";
import type { Json } from "../checkers/history/operation.ts";

/** How large a generated history of transactions is, and of which kind. */
export interface LargeTransactions {
  readonly transactions: number;
  readonly processes: number;
  /** Appends to lists, or writes of registers. */
  readonly kind: "list" | "register";
  /** Micro-operations of a transaction at most; drawn evenly from 1 on. */
  readonly length: number;
  /** Writes to a key before another one takes its place. */
  readonly writesPerKey: number;
  /**
   * `strict`: each transaction happens at once, somewhere between its call and its answer. `snapshot`: it
   * reads as of its begin, and the first to commit a key wins; so write skew happens. `stale`: strict, but
   * one read in 10,000 is of what was there some writes ago.
   */
  readonly store: "strict" | "snapshot" | "stale";
  /** Share of reads in a hundred. */
  readonly reads: number;
  /** Chooses a key evenly from this many, instead of one of ten that are replaced when they are full. */
  readonly fixedKeys?: number;
}

interface Call {
  readonly process: number;
  readonly operations: [string, number, number | null][];
  /** Number of the commit that a snapshot was taken after. */
  readonly began: number;
}

/** A 32-bit generator that is the same everywhere: Park and Miller. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state;
  };
}

/** A history of transactions as Elle's own load generator makes them: few hot keys, each for a while. */
export function largeTransactions(size: LargeTransactions): History {
  const builder = new HistoryBuilder();
  const draw = generator(20_260_801);
  const store = new Store(size, draw);
  const open: Call[] = [];
  const idle = Array.from({ length: size.processes }, (_, process) => process);
  let index = 0;
  let begun = 0;
  const add = (type: "invoke" | "ok" | "fail", process: number, value: Json): void => {
    builder.append({ index, time: index++, type, process, f: "txn", value });
  };
  while (begun < size.transactions || open.length > 0) {
    const mayBegin = begun < size.transactions && idle.length > 0;
    if (mayBegin && (open.length === 0 || draw() % 2 === 0)) {
      const process = idle.splice(draw() % idle.length, 1)[0]!;
      const call = { process, operations: store.plan(), began: store.commits };
      add(
        "invoke",
        process,
        call.operations.map((operation) => [...operation]),
      );
      open.push(call);
      begun++;
      continue;
    }
    const call = open.splice(draw() % open.length, 1)[0]!;
    const isCommitted = store.perform(call);
    add(isCommitted ? "ok" : "fail", call.process, store.answer(call, isCommitted));
    idle.push(call.process);
  }
  return builder.build();
}

/** Versions of keys, with the commit that each came by. */
class Store {
  commits = 0;
  readonly #size: LargeTransactions;
  readonly #draw: () => number;
  readonly #active: number[];
  readonly #planned = new Map<number, number>();
  readonly #values = new Map<number, number[]>();
  readonly #times = new Map<number, number[]>();
  #nextKey: number;

  constructor(size: LargeTransactions, draw: () => number) {
    this.#size = size;
    this.#draw = draw;
    this.#nextKey = size.fixedKeys ?? 10;
    this.#active = Array.from({ length: 10 }, (_, key) => key);
  }

  plan(): [string, number, number | null][] {
    const { length, reads, kind } = this.#size;
    const operations: [string, number, number | null][] = [];
    for (let left = 1 + (this.#draw() % length); left > 0; left--) {
      const isRead = this.#draw() % 100 < reads;
      const key = isRead ? this.#key() : this.#keyToWrite();
      if (isRead) operations.push(["r", key, null]);
      else {
        const value = (this.#planned.get(key) ?? 0) + 1;
        this.#planned.set(key, value);
        operations.push([kind === "list" ? "append" : "w", key, value]);
      }
    }
    return operations;
  }

  /** Performs the writes, or does not. */
  perform(call: Call): boolean {
    const writes = call.operations.filter(([f]) => f !== "r");
    const isSnapshot = this.#size.store === "snapshot";
    if (isSnapshot && writes.some(([, key]) => (this.#times.get(key)?.at(-1) ?? 0) > call.began))
      return false;
    if (writes.length > 0) this.commits++;
    return true;
  }

  /** What was read, with the writes before it in the same transaction; writes take effect. */
  answer(call: Call, isCommitted: boolean): Json {
    const { store, kind } = this.#size;
    const own = call.operations.some(([f]) => f !== "r") && isCommitted ? this.commits : -1;
    return call.operations.map(([f, key, value]) => {
      let values = this.#values.get(key);
      let times = this.#times.get(key);
      if (values === undefined || times === undefined) {
        values = [];
        times = [];
        this.#values.set(key, values);
        this.#times.set(key, times);
      }
      if (f !== "r") {
        if (isCommitted) {
          values.push(value!);
          times.push(this.commits);
        }
        return [f, key, value];
      }
      let seen = values.length;
      if (store === "snapshot") {
        while (seen > 0 && times[seen - 1]! > call.began && times[seen - 1] !== own) seen--;
      } else if (store === "stale" && this.#draw() % 10_000 === 0) seen = Math.max(0, seen - 3);
      return [f, key, kind === "list" ? values.slice(0, seen) : seen === 0 ? null : values[seen - 1]!];
    });
  }

  /** One of ten keys, each half as often as the one before it; or any of a fixed number. */
  #key(): number {
    const { fixedKeys } = this.#size;
    if (fixedKeys !== undefined) return this.#draw() % fixedKeys;
    let place = 0;
    while (place < 9 && this.#draw() % 2 === 0) place++;
    return this.#active[place]!;
  }

  #keyToWrite(): number {
    const key = this.#key();
    if (this.#size.fixedKeys !== undefined || (this.#planned.get(key) ?? 0) < this.#size.writesPerKey)
      return key;
    this.#active[this.#active.indexOf(key)] = this.#nextKey;
    return this.#nextKey++;
  }
}
