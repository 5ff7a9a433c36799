import type { HistoryEvent, Json } from "../checkers/history/operation.ts";
import { HistoryLines } from "./history-lines.ts";
import { drawer, type LargeHistory } from "./large-histories.ts";

/** A bank of eight accounts in each key: transfers, and reads of all of them. */
export function* largeBankHistory(size: LargeHistory): Generator<HistoryEvent, void, undefined> {
  const lines = new HistoryLines();
  const draw = drawer(5);
  const banks = new Map<string, number[]>();
  for (let sent = 0; sent < size.operations; sent++) {
    const key = `bank/${draw() % size.keys}`;
    const accounts = banks.get(key) ?? new Array<number>(8).fill(100);
    banks.set(key, accounts);
    const client = sent % size.clients;
    if (draw() % 2 === 0) {
      yield* lines.call(client, "read", key, undefined, Object.fromEntries(accounts.entries()));
      continue;
    }
    const [from, to] = [draw() % 8, draw() % 8];
    const amount = Math.min(accounts[from]!, 1 + (draw() % 5));
    accounts[from]! -= amount;
    accounts[to]! += amount;
    yield* lines.call(client, "transfer", key, { from, to, amount }, undefined);
  }
}

/** Counters that are added to and read. */
export function* largeCounterHistory(size: LargeHistory): Generator<HistoryEvent, void, undefined> {
  const lines = new HistoryLines();
  const draw = drawer(6);
  const counts = new Int32Array(size.keys);
  for (let sent = 0; sent < size.operations; sent++) {
    const number = draw() % size.keys;
    const amount = 1 + (draw() % 5);
    const isRead = draw() % 2 === 0;
    if (!isRead) counts[number]! += amount;
    const [f, asked, answered] = isRead ? ["read", undefined, counts[number]!] : ["add", amount, undefined];
    yield* lines.call(sent % size.clients, f as string, `counter/${number}`, asked as Json, answered as Json);
  }
}

/** Sets of 200 elements, which are read once in a hundred calls. */
export function* largeSetHistory(size: LargeHistory): Generator<HistoryEvent, void, undefined> {
  const lines = new HistoryLines();
  let elements: number[] = [];
  let sets = 0;
  for (let sent = 0; sent < size.operations; sent++) {
    const client = sent % size.clients;
    if (sent % 100 === 99) yield* lines.call(client, "read", `set/${sets}`, undefined, [...elements]);
    else {
      if (elements.length === 200) {
        yield* lines.call(client, "read", `set/${sets++}`, undefined, elements);
        elements = [];
      }
      elements.push(sent);
      yield* lines.call(client, "add", `set/${sets}`, sent, undefined);
    }
  }
  yield* lines.call(0, "read", `set/${sets}`, undefined, elements);
}

/** Transactions on groups of three keys, each of which is written once: one of them, or a read of all. */
export function* largeForkHistory(size: LargeHistory): Generator<HistoryEvent, void, undefined> {
  const lines = new HistoryLines();
  const draw = drawer(7);
  let group = 0;
  let written: boolean[] = [false, false, false];
  for (let sent = 0; sent < size.operations; sent++) {
    const client = sent % size.clients;
    const keys = written.map((_, at) => 3 * group + at);
    const free = written.indexOf(false);
    if (free >= 0 && draw() % 2 === 0) {
      written[free] = true;
      yield* lines.call(client, "txn", "all", [["w", keys[free]!, 1]], [["w", keys[free]!, 1]]);
      continue;
    }
    const asked = keys.map((key): Json => ["r", key, null]);
    const answered = keys.map((key, at): Json => ["r", key, written[at] === true ? 1 : null]);
    yield* lines.call(client, "txn", "all", asked, answered);
    if (free >= 0) continue;
    group++;
    written = [false, false, false];
  }
}

/** Streams that are appended to and read; all of their events recorded at the end. */
export function* largeStreamHistory(size: LargeHistory): Generator<HistoryEvent, void, undefined> {
  const lines = new HistoryLines();
  const draw = drawer(8);
  const versions = new Int32Array(size.keys);
  const states = new Map<string, Json>();
  const log: { readonly key: string; readonly value: Json }[] = [];
  for (let sent = 0; sent < size.operations; sent++) {
    const number = draw() % size.keys;
    const key = `account/${number}`;
    const client = sent % size.clients;
    const expected = versions[number]!;
    if (draw() % 2 === 0) {
      const shown = expected === 0 ? null : { version: expected, state: states.get(key)! };
      yield* lines.call(client, "read", key, undefined, shown);
      continue;
    }
    const version = expected + 1;
    const event = `event-${sent}`;
    const state = { balance: draw() % 1000 };
    versions[number] = version;
    states.set(key, state);
    log.push({ key, value: { version, event, state } });
    yield* lines.call(client, "append", key, { expected, event }, { version });
  }
  for (const { key, value } of log) yield lines.record("event", key, "account", value, true);
}

/** Calls between services of which one in ten is answered on its second attempt only; their effects at the end. */
export function* largeCallHistory(size: LargeHistory): Generator<HistoryEvent, void, undefined> {
  const lines = new HistoryLines();
  const draw = drawer(9);
  const keys: string[] = [];
  for (let records = 0; records < size.operations; ) {
    const call = `call-${keys.length}`;
    const key = `order/${keys.length}`;
    const events = [{ event: "begun" }, { event: "attempt", outcome: "done" }, { event: "ended" }];
    if (draw() % 10 === 0) events.splice(1, 0, { event: "attempt", outcome: "unknown" });
    for (const event of events)
      yield lines.record("call", key, "order", { life: "1", call, ...event }, false);
    records += events.length + 1;
    keys.push(key);
  }
  for (const key of keys) yield lines.record("effect", key, "payment", { step: "pay", kind: "do" }, true);
}
