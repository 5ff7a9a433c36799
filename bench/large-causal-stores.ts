import type { History } from "../checkers/history/history.ts";
import { HistoryBuilder } from "../checkers/history/history-builder.ts";
import type { Json } from "../checkers/history/operation.ts";
import { drawer } from "./large-histories.ts";

/** How large a generated history of a causal store is, and what it is like. */
export interface LargeCausalStore {
  /** Micro-operations. */
  readonly events: number;
  readonly sessions: number;
  readonly keys: number;
  /** Micro-operations of a transaction. */
  readonly length: number;
  /** 1: all keys alike; above: the first keys are used more often. */
  readonly skew: number;
  /** Transactions of other sessions that a session may be behind, at most. */
  readonly lag: number;
}

interface Version {
  readonly at: number;
  readonly value: number;
}

/**
 * A causal store: transactions have one order; each session sees a prefix of it that only grows, and what
 * it did itself. Half of the micro-operations write; the first session writes every key once before.
 */
export function largeCausalHistory(size: LargeCausalStore): History {
  const draw = drawer(5);
  const builder = new HistoryBuilder();
  const store = new PrefixStore(size, draw);
  let left = size.events;
  for (let key = 0; key < size.keys && left > 0; key += size.length) {
    const count = Math.min(size.length, size.keys - key);
    const operations = Array.from({ length: count }, (_, at): Json => ["w", key + at, store.newValue()]);
    store.commit(builder, 0, operations);
    left -= count;
  }
  while (left > 0) {
    const session = 1 + (draw() % Math.max(1, size.sessions - 1));
    const operations: Json[] = [];
    store.look(session);
    for (let at = 0; at < size.length && left > 0; at++, left--) {
      const key = Math.floor(size.keys * (draw() / 2 ** 32) ** size.skew);
      operations.push(draw() % 2 === 0 ? ["w", key, store.newValue()] : ["r", key, null]);
    }
    store.commit(builder, session, operations);
  }
  return builder.build();
}

/**
 * Orders, payments and stock levels after TPC-C: a few hot rows (warehouses and districts) that most
 * transactions read and write, many cold ones; transactions of 3 to 50 micro-operations, serializable.
 */
export function largeOrderEntryHistory(events: number, sessions: number): History {
  const warehouses = 10;
  const draw = drawer(6);
  const builder = new HistoryBuilder();
  const store = new PrefixStore({ sessions, lag: 0 }, draw);
  const update = (key: string): Json[] => [
    ["r", key, null],
    ["w", key, store.newValue()],
  ];
  let left = events;
  let orders = 0;
  while (left > 0) {
    const warehouse = draw() % warehouses;
    const district = `district/${warehouse}/${draw() % 10}`;
    const customer = `customer/${warehouse}/${draw() % 3000}`;
    const operations: Json[] = [["r", `warehouse/${warehouse}`, null]];
    const kind = draw() % 100;
    if (kind < 45) {
      operations.push(...update(district), ["r", customer, null]);
      operations.push(["w", `order/${orders++}`, store.newValue()]);
      for (let line = 5 + (draw() % 11); line > 0; line--) {
        const item = draw() % 10_000;
        operations.push(["r", `item/${item}`, null], ...update(`stock/${warehouse}/${item}`));
      }
    } else if (kind < 88) {
      operations.push(...update(`paid/${warehouse}`), ...update(`paid/${district}`), ...update(customer));
    } else if (kind < 96)
      operations.push(["r", customer, null], ["r", `order/${draw() % (orders + 1)}`, null]);
    else {
      operations.push(["r", district, null]);
      for (let line = 20; line > 0; line--) {
        operations.push(["r", `stock/${warehouse}/${draw() % 10_000}`, null]);
      }
    }
    const session = draw() % sessions;
    store.look(session);
    store.commit(builder, session, operations);
    left -= operations.length;
  }
  return builder.build();
}

class PrefixStore {
  readonly #draw: () => number;
  readonly #lag: number;
  readonly #versions = new Map<Json, Version[]>();
  /** By session: transactions of others before this one are seen. */
  readonly #seen: Float64Array;
  /** By session: its own last value of each key. */
  readonly #own: Map<Json, Version>[];
  #committed = 0;
  #values = 0;
  #events = 0;

  constructor({ sessions, lag }: Pick<LargeCausalStore, "sessions" | "lag">, draw: () => number) {
    this.#draw = draw;
    this.#lag = lag;
    this.#seen = new Float64Array(sessions);
    this.#own = Array.from({ length: sessions }, () => new Map<Json, Version>());
  }

  newValue(): number {
    return ++this.#values;
  }

  /** The session sees more of what others did. */
  look(session: number): void {
    const lag = this.#lag === 0 ? 0 : this.#draw() % this.#lag;
    this.#seen[session] = Math.max(this.#seen[session]!, this.#committed - lag);
  }

  commit(builder: HistoryBuilder, session: number, asked: readonly Json[]): void {
    this.#add(builder, session, "invoke", asked);
    const written = new Map<Json, number>();
    const done = asked.map((operation): Json => {
      const [name, key, value] = operation as readonly [string, Json, number];
      if (name === "r") return ["r", key, written.get(key) ?? this.#read(session, key)];
      written.set(key, value);
      return operation;
    });
    const at = this.#committed++;
    for (const [key, value] of written) {
      const versions = this.#versions.get(key);
      const version = { at, value };
      if (versions === undefined) this.#versions.set(key, [version]);
      else versions.push(version);
      if (this.#lag > 0) this.#own[session]!.set(key, version);
    }
    this.#add(builder, session, "ok", done);
  }

  #read(session: number, key: Json): number | null {
    const versions = this.#versions.get(key) ?? [];
    const seen = this.#seen[session]!;
    let last = versions.length - 1;
    while (last >= 0 && versions[last]!.at >= seen) last--;
    const shared = versions[last];
    const own = this.#own[session]!.get(key);
    if (own !== undefined && (shared === undefined || own.at > shared.at)) return own.value;
    return shared?.value ?? null;
  }

  #add(builder: HistoryBuilder, session: number, type: "invoke" | "ok", value: readonly Json[]): void {
    const index = this.#events++;
    builder.append({ index, time: index, process: session, type, f: "txn", value });
  }
}
