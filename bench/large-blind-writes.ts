import type { History } from "../checkers/history/history.ts";
import { HistoryBuilder } from "../checkers/history/history-builder.ts";
import type { Json } from "../checkers/history/operation.ts";

/** How large a generated history of transactions on registers is, and what its store does. */
export interface BlindWrites {
  /** Transactions that commit. */
  readonly transactions: number;
  readonly sessions: number;
  readonly keys: number;
  /** Micro-operations of a transaction: from, to. */
  readonly operations: readonly [number, number];
  /** Share of reads in a hundred; all writes are blind unless the same transaction happens to read the key. */
  readonly reads: number;
  /** Keys are drawn evenly, or the k-th with a weight of 1 / k. */
  readonly choice: "uniform" | "zipfian";
  /**
   * `serial`: each transaction happens at once, between its call and its answer. `snapshot`: it reads as of
   * a moment in between, and commits at a later one unless somebody else has committed one of its keys.
   */
  readonly store: "serial" | "snapshot";
  /**
   * What goes wrong, spread evenly, that many times: one read is of an older value; all reads of a
   * transaction are as of before the last commits; or they miss one of these transactions only.
   */
  readonly defect?: {
    readonly kind: "stale-read" | "old-snapshot" | "missed-transaction";
    readonly times: number;
  };
  readonly seed?: number;
}

interface Call {
  readonly operations: readonly (readonly ["r" | "w", number, number | null])[];
  state: "called" | "begun" | "done";
  snapshot: number;
  isAborted: boolean;
  seen: (number | null)[];
}

/** Commits back that a defect looks. */
const lookBack = 12;

/**
 * A history of transactions on registers in which each value is written once and nearly all writes are blind:
 * which of two values came first is mostly not known.
 */
export function blindWrites(size: BlindWrites): History {
  const builder = new HistoryBuilder();
  const draw = generator(size.seed ?? 20_261);
  const store = new Versions();
  const choose = keyChoice(size, draw);
  const open: (Call | null)[] = Array.from({ length: size.sessions }, () => null);
  const { kind, times = 0 } = size.defect ?? {};
  const every = Math.floor(size.transactions / (times + 1));
  let values = 0;
  let index = 0;
  let answered = 0;
  let broken = 0;
  const add = (type: "invoke" | "ok" | "fail", process: number, value: Json): void => {
    builder.append({ index, time: index++, type, process, f: "txn", value });
  };
  const plan = (): Call => {
    const [least, most] = size.operations;
    const operations = Array.from({ length: least + (draw() % (most - least + 1)) }, () => {
      const isRead = draw() % 100 < size.reads;
      return isRead ? (["r", choose(), null] as const) : (["w", choose(), ++values] as const);
    });
    return { operations, state: "called", snapshot: -1, isAborted: false, seen: [] };
  };
  while (answered < size.transactions) {
    const session = draw() % size.sessions;
    const call = open[session] ?? null;
    if (call === null) {
      const next = plan();
      open[session] = next;
      add("invoke", session, next.operations as unknown as Json);
    } else if (call.state === "called" && size.store === "snapshot") {
      call.snapshot = store.commits;
      call.state = "begun";
    } else if (call.state !== "done") {
      const isDue = kind !== undefined && broken < times && store.commits >= (broken + 1) * every;
      if (isDue && canBreak(call, kind, store)) {
        broken++;
        store.perform(call, kind);
      } else store.perform(call, null);
      call.state = "done";
    } else {
      open[session] = null;
      const told = call.operations.map(([f, key, value], at) => [f, key, f === "r" ? call.seen[at]! : value]);
      add(
        call.isAborted ? "fail" : "ok",
        session,
        (call.isAborted ? call.operations : told) as unknown as Json,
      );
      if (!call.isAborted) answered++;
    }
  }
  return builder.build();
}

type Defect = NonNullable<BlindWrites["defect"]>["kind"];

/** Would a transaction see anything else by the defect? */
function canBreak({ operations }: Call, kind: Defect, store: Versions): boolean {
  const reads = operations.filter(([f]) => f === "r");
  if (kind === "stale-read") return reads.some(([, key]) => store.written(key) > 2);
  return reads.some(([, key]) => store.lastCommit(key) > store.commits - lookBack);
}

/** All versions of all keys, with the commit that each came by. */
class Versions {
  commits = 0;
  readonly #values = new Map<number, { readonly value: number; readonly commit: number }[]>();

  written(key: number): number {
    return this.#values.get(key)?.length ?? 0;
  }

  lastCommit(key: number): number {
    return this.#values.get(key)?.at(-1)?.commit ?? 0;
  }

  perform(call: Call, defect: Defect | null): void {
    const { operations, snapshot } = call;
    const writes = operations.filter(([f]) => f === "w");
    if (snapshot >= 0 && writes.some(([, key]) => this.lastCommit(key) > snapshot)) {
      call.isAborted = true;
      return;
    }
    const own = new Map<number, number>();
    let isStale = defect === "stale-read";
    const view = snapshot >= 0 ? snapshot : this.commits;
    const missed = defect === "missed-transaction" ? this.#lastSeen(call, view) : -1;
    const limit = defect === "old-snapshot" ? view - lookBack : view;
    call.seen = operations.map(([f, key, value]) => {
      if (f === "w") {
        own.set(key, value!);
        return null;
      }
      const mine = own.get(key);
      if (mine !== undefined) return mine;
      const versions = this.#values.get(key) ?? [];
      let at = versions.length - 1;
      while (at >= 0 && (versions[at]!.commit > limit || versions[at]!.commit === missed)) at--;
      // A key that is read twice would show it by itself.
      if (isStale && at > 1 && operations.filter(([, other]) => other === key).length === 1) {
        at -= 2;
        isStale = false;
      }
      return versions[at]?.value ?? null;
    });
    if (own.size > 0) this.commits++;
    for (const [key, value] of own) {
      const versions = this.#values.get(key) ?? [];
      versions.push({ value, commit: this.commits });
      this.#values.set(key, versions);
    }
  }

  /** The last commit of which a transaction would see something. */
  #lastSeen({ operations }: Call, view: number): number {
    let last = -1;
    for (const [f, key] of operations) {
      if (f !== "r") continue;
      const seen = (this.#values.get(key) ?? []).findLast(({ commit }) => commit <= view);
      last = Math.max(last, seen?.commit ?? -1);
    }
    return last;
  }
}

function keyChoice({ keys, choice }: BlindWrites, draw: () => number): () => number {
  if (choice === "uniform") return () => draw() % keys;
  const sums = new Float64Array(keys);
  let sum = 0;
  for (let key = 0; key < keys; key++) {
    sum += 1 / (key + 1);
    sums[key] = sum;
  }
  return () => {
    const at = (draw() / 2_147_483_647) * sum;
    let [low, high] = [0, keys - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sums[middle]! < at) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

/** A generator that is the same everywhere: Park and Miller. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state;
  };
}
