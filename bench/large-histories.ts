import type { HistoryEvent, Json, Operation } from "../checkers/history/operation.ts";

/** How large a generated history is. */
export interface LargeHistory {
  /** Invocations; each but the last few has a completion. */
  readonly operations: number;
  readonly clients: number;
  readonly keys: number;
}

interface Call {
  readonly f: string;
  readonly key: string;
  readonly value: Json | undefined;
  readonly final: boolean;
}

interface Answer {
  readonly type: "ok" | "fail" | "info";
  readonly value?: Json;
  readonly code?: string;
}

/** Draws calls and answers them: the part of a generated history that differs from kind to kind. */
interface Service {
  call(key: number, draw: () => number): Call;
  /** Sent after all others, to the same keys. */
  finalRead(key: number): Call;
  answer(call: Call, draw: () => number): Answer;
}

/** A correct history of versioned entities: reads, updates, conflicts, one unknown outcome in 200. */
export function largeEntityHistory(size: LargeHistory): Generator<HistoryEvent, void, undefined> {
  const versions = new Map<string, { version: number; value: Json }>();
  const read = (key: string): Json => ({ ...(versions.get(key) ?? { version: 1, value: "first" }) });
  return generate(size, {
    call: (number, draw) => {
      const key = `user/${number}`;
      if (draw() % 2 === 0) return { f: "read", key, value: undefined, final: false };
      const version = versions.get(key)?.version ?? 1;
      const expected = draw() % 20 === 0 ? Math.max(1, version - 1) : version;
      return { f: "update", key, value: { expected, value: `name ${draw() % 1e9}` }, final: false };
    },
    finalRead: (number) => ({ f: "read", key: `user/${number}`, value: undefined, final: true }),
    answer: ({ f, key, value }, draw) => {
      if (f === "read") return { type: "ok", value: read(key) };
      const { expected, value: stored } = value as { expected: number; value: Json };
      const current = versions.get(key)?.version ?? 1;
      if (current !== expected) return { type: "fail", code: "conflict" };
      versions.set(key, { version: expected + 1, value: stored });
      if (draw() % 200 === 0) return { type: "info", code: "timeout" };
      return { type: "ok", value: { version: expected + 1 } };
    },
  });
}

/** A correct history of registers with unique values. */
export function largeRegisterHistory(size: LargeHistory): Generator<HistoryEvent, void, undefined> {
  const values = new Map<string, Json>();
  let written = 0;
  return generate(size, {
    call: (number, draw) =>
      draw() % 2 === 0
        ? { f: "read", key: `x${number}`, value: undefined, final: false }
        : { f: "write", key: `x${number}`, value: written++, final: false },
    finalRead: (number) => ({ f: "read", key: `x${number}`, value: undefined, final: true }),
    answer: ({ f, key, value }, draw) => {
      if (f === "read") return { type: "ok", value: values.get(key) ?? null };
      values.set(key, value ?? null);
      return draw() % 200 === 0 ? { type: "info", code: "timeout" } : { type: "ok" };
    },
  });
}

/** A correct history of stocks: reservations, releases, shipments, one unknown outcome in 2000. */
export function largeStockHistory(size: LargeHistory): Generator<HistoryEvent, void, undefined> {
  const stocks = new Map<string, { stock: number; reserved: number; shipped: number }>();
  const of = (key: string): { stock: number; reserved: number; shipped: number } => {
    const known = stocks.get(key) ?? { stock: 1_000_000, reserved: 0, shipped: 0 };
    stocks.set(key, known);
    return known;
  };
  const seen = new Set<number>();
  const moves = ["reserve", "reserve", "release", "ship"];
  return generate(size, {
    call: (number, draw) => {
      const key = `sku/${number}`;
      const f = moves[draw() % 8];
      if (f === undefined || !seen.has(number)) return { f: "read", key, value: undefined, final: false };
      return { f, key, value: { quantity: 1 + (draw() % 3) }, final: false };
    },
    finalRead: (number) => ({ f: "read", key: `sku/${number}`, value: undefined, final: true }),
    answer: ({ f, key, value }, draw) => {
      const now = of(key);
      if (f === "read") {
        seen.add(Number(key.slice(4)));
        return { type: "ok", value: { ...now } };
      }
      const { quantity } = value as { quantity: number };
      const from = f === "reserve" ? "stock" : "reserved";
      if (now[from] < quantity) return { type: "fail", code: "insufficient-stock" };
      now[from] -= quantity;
      now[f === "reserve" ? "reserved" : f === "ship" ? "shipped" : "stock"] += quantity;
      return draw() % 2000 === 0 ? { type: "info", code: "timeout" } : { type: "ok" };
    },
  });
}

/** Clients in random order, each with one call open at a time; at the end every key is read once more. */
function* generate(size: LargeHistory, service: Service): Generator<HistoryEvent, void, undefined> {
  const draw = drawer(1);
  const open: (Call | null)[] = Array.from({ length: size.clients }, () => null);
  const process = open.map((_, client) => client);
  let index = 0;
  const event = (
    client: number,
    call: Call,
    type: Operation["type"],
    value?: Json,
    code?: string,
  ): Operation => ({
    index: index++,
    time: index * 1000,
    process: process[client]!,
    client,
    type,
    f: call.f,
    key: call.key,
    ...(value === undefined ? {} : { value }),
    ...(code === undefined ? {} : { error: { code } }),
    ...(call.final ? { final: true } : {}),
  });
  let sent = 0;
  let openCount = 0;
  while (sent < size.operations || openCount > 0) {
    const client = draw() % size.clients;
    const call = open[client]!;
    if (call === null) {
      if (sent >= size.operations) continue;
      const left = size.operations - sent++;
      const next = left <= size.keys ? service.finalRead(left - 1) : service.call(draw() % size.keys, draw);
      open[client] = next;
      openCount++;
      yield event(client, next, "invoke", next.value);
    } else {
      const { type, value, code } = service.answer(call, draw);
      open[client] = null;
      openCount--;
      yield event(client, call, type, value, code);
      if (type === "info") process[client] = process[client]! + size.clients;
    }
  }
}

/** Whole numbers from a fixed seed (mulberry32). */
export function drawer(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}
