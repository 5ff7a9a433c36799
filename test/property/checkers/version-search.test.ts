import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { HistoryEvent, Json } from "../../../checkers/history/operation.ts";
import { rwRegister } from "../../../checkers/transactions/rw-register.checker.ts";
import { buildHistory, textOfEvents } from "../../support/build-history.ts";
import { ChoiceTape, choices } from "../../support/choice-tape.ts";
import { isSerializable, isSnapshotIsolated, type OracleOrder } from "../../support/isolation.oracle.ts";

type Micro = readonly ["r" | "w", string, number | null];

const levels: readonly (readonly [string, "serial" | "snapshot", OracleOrder])[] = [
  ["serializable", "serial", "none"],
  ["strong-session-serializable", "serial", "session"],
  ["strict-serializable", "serial", "real-time"],
  ["snapshot-isolation", "snapshot", "none"],
  ["strong-session-snapshot-isolation", "snapshot", "session"],
  ["strong-snapshot-isolation", "snapshot", "real-time"],
];

/** How many verdicts there were of each kind. */
class Tally {
  readonly counts = { valid: 0, invalid: 0, unknown: 0 };
  /** Anomalies that only the search for an order of values could tell. */
  searched = 0;

  /** Compares what the checker says with what brute force says. */
  compare(events: readonly HistoryEvent[], [isolation, goal, order]: (typeof levels)[number]): void {
    const result = rwRegister({ isolation }).check(buildHistory(events));
    this.counts[result.verdict]++;
    if (result.verdict === "unknown") return;
    const isExplained = (goal === "serial" ? isSerializable : isSnapshotIsolated)(events, order);
    if (isExplained !== (result.verdict === "valid")) {
      const said = JSON.stringify(result.anomalies);
      throw new Error(`${isolation}: brute force ${isExplained}, ${said}\n${textOfEvents(events)}`);
    }
    for (const { type, operations } of result.anomalies) {
      if (!type.startsWith("no-")) continue;
      this.searched++;
      this.#checkWitness(events, type, operations);
    }
  }

  /** A witness must have no order by itself, and no part of it may be left out. */
  #checkWitness(events: readonly HistoryEvent[], type: string, witness: readonly number[]): void {
    const isExplained = type.startsWith("no-serial") ? isSerializable : isSnapshotIsolated;
    const order = type.endsWith("-process") ? "session" : type.endsWith("-realtime") ? "real-time" : "none";
    const fail = (what: string): never => {
      throw new Error(`${type} ${witness.join()}: ${what}\n${textOfEvents(events)}`);
    };
    if (isExplained(onlyThese(events, witness), order)) fail("there is an order");
    for (const left of witness) {
      const others = witness.filter((index) => index !== left);
      if (!isExplained(onlyThese(events, others), order)) fail(`${left} is not needed`);
    }
  }
}

/**
 * The transactions that end at these rows, without what they read from others. What they wrote counts, also
 * where nobody knows whether they happened: that somebody else read it shows that.
 */
function onlyThese(events: readonly HistoryEvent[], ends: readonly number[]): HistoryEvent[] {
  const kept = new Set<number>(ends);
  for (const end of ends) {
    const { process } = events[end] as { process: number };
    kept.add(
      events.findLastIndex((event, at) => at < end && "process" in event && event.process === process),
    );
  }
  const rows = events.filter((_, at) => kept.has(at));
  const written = new Set(
    rows.flatMap((event) =>
      (operationsOf(event) ?? []).flatMap(([f, key, value]) => (f === "w" ? [`${key} ${value}`] : [])),
    ),
  );
  const isOurs = ([f, key, value]: Micro): boolean =>
    f === "w" || value === null || written.has(`${key} ${value}`);
  return rows.map((event) => {
    if (!("type" in event) || (event.type !== "ok" && event.type !== "info")) return event;
    const operations = (operationsOf(event) ?? []).filter(event.type === "ok" ? isOurs : ([f]) => f === "w");
    return { ...event, type: "ok", value: operations as unknown as Json } as HistoryEvent;
  });
}

function operationsOf(event: HistoryEvent): Micro[] | null {
  return "value" in event ? (event.value as unknown as Micro[]) : null;
}

/** Transactions that all overlap, each of a session of its own. */
function atOnce(transactions: readonly (readonly Micro[])[]): HistoryEvent[] {
  const rows = (type: "invoke" | "ok", from: number): HistoryEvent[] =>
    transactions.map((value, process) => {
      const index = from + process;
      return {
        index,
        time: index,
        type,
        process,
        client: process,
        f: "txn",
        value: value as unknown as Json,
      };
    });
  return [...rows("invoke", 0), ...rows("ok", transactions.length)];
}

/** All ways to fill in what was read: nil, or a value that anybody wrote to the key. */
function* answers(shape: readonly (readonly Micro[])[]): Generator<Micro[][], void, undefined> {
  const filled = shape.map((list) => [...list]);
  const reads = shape.flatMap((list, at) =>
    list.flatMap(([f], place) => (f === "r" ? [[at, place] as const] : [])),
  );
  const options = reads.map(([at, place]) => {
    const key = shape[at]![place]![1];
    return [null, ...shape.flat().flatMap(([f, own, value]) => (f === "w" && own === key ? [value] : []))];
  });
  const fill = function* (next: number): Generator<Micro[][], void, undefined> {
    if (next === reads.length) {
      yield filled.map((list) => [...list]);
      return;
    }
    const [at, place] = reads[next]!;
    for (const value of options[next]!) {
      filled[at]![place] = ["r", shape[at]![place]![1], value];
      yield* fill(next + 1);
    }
  };
  yield* fill(0);
}

/** All transactions of that many micro-operations on two keys, up to the values. */
function shapes(length: number): Micro[][] {
  if (length === 0) return [[]];
  const operations = [
    ["w", "x", 0] as const,
    ["w", "y", 0] as const,
    ["r", "x", null] as const,
    ["r", "y", null] as const,
  ];
  return shapes(length - 1).flatMap((list) => operations.map((operation) => [...list, operation]));
}

/** All histories of transactions of such lengths. */
function* allOf(lengths: readonly number[]): Generator<HistoryEvent[], void, undefined> {
  const lists = lengths.map(shapes);
  const pick = function* (chosen: readonly Micro[][]): Generator<Micro[][], void, undefined> {
    if (chosen.length === lists.length) yield [...chosen];
    else for (const list of lists[chosen.length]!) yield* pick([...chosen, list]);
  };
  for (const chosen of pick([])) {
    let values = 0;
    const unique = chosen.map((list) => list.map(([f, key]): Micro => [f, key, f === "w" ? ++values : null]));
    for (const filled of answers(unique)) yield atOnce(filled);
  }
}

/** Sessions with transactions of mostly blind writes, that read what anybody wrote, ended in any way. */
function anyHistory(tape: ChoiceTape, transactions: number): HistoryEvent[] {
  const events: HistoryEvent[] = [];
  const keys = 1 + tape.below(3);
  const written: [string, number][] = [];
  const open: (Micro[] | null)[] = [null, null, null];
  const processes = [0, 1, 2];
  let values = 0;
  let begun = 0;
  const add = (client: number, type: "invoke" | "ok" | "fail" | "info", value: readonly Micro[]): void => {
    const index = events.length;
    const process = processes[client]!;
    events.push({ index, time: index, type, process, client, f: "txn", value: value as unknown as Json });
    if (type === "info") processes[client]! += 3;
  };
  while (begun < transactions || open.some((call) => call !== null)) {
    const able = [0, 1, 2].filter((client) => begun < transactions || open[client] !== null);
    const client = tape.pick(able);
    const call = open[client]!;
    if (call === null) {
      begun++;
      const operations = Array.from({ length: 1 + tape.below(3) }, (): Micro => {
        const key = `k${tape.below(keys)}`;
        return tape.below(2) === 0 ? ["w", key, ++values] : ["r", key, null];
      });
      for (const [f, key, value] of operations) if (f === "w") written.push([key, value!]);
      open[client] = operations;
      add(client, "invoke", operations);
      continue;
    }
    open[client] = null;
    const how = tape.below(12);
    if (how < 2) add(client, how === 0 ? "fail" : "info", call);
    else {
      const own = new Map<string, number>();
      const answered = call.map(([f, key, value]): Micro => {
        if (f === "w") own.set(key, value!);
        if (f === "w" || own.has(key)) return [f, key, own.get(key)!];
        const others = written.filter(([name]) => name === key).map(([, other]) => other);
        const seen = tape.pick([null, ...others.slice(-3)]);
        return [f, key, seen];
      });
      add(client, "ok", answered);
    }
  }
  return events;
}

/** Transactions that write blindly, then some that read what those wrote, and may write too. */
function blindHistory(tape: ChoiceTape, writers: number, readers: number): HistoryEvent[] {
  const written = new Map<string, number[]>([
    ["x", []],
    ["y", []],
  ]);
  let values = 0;
  const write = (key: string): Micro => {
    written.get(key)!.push(++values);
    return ["w", key, values];
  };
  const lists = Array.from({ length: writers }, (_, at): Micro[] => {
    // Each key has a value, so that hardly anybody reads nil.
    const both = at === 0 ? 0 : tape.below(3);
    return both === 0 ? [write("x"), write("y")] : [write(both === 1 ? "x" : "y")];
  });
  const reading = Array.from({ length: readers }, (): Micro[] => {
    const reads = (["x", "y"] as const).map((key): Micro => ["r", key, tape.pick(written.get(key)!)]);
    const some = tape.below(4) === 0 ? reads.slice(0, 1) : reads;
    return tape.below(3) === 0 ? [...some, write(tape.pick(["x", "y"]))] : some;
  });
  const events: HistoryEvent[] = [];
  const add = (process: number, type: "invoke" | "ok", value: readonly Micro[]): void => {
    const index = events.length;
    events.push({
      index,
      time: index,
      type,
      process,
      client: process,
      f: "txn",
      value: value as unknown as Json,
    });
  };
  const open: (Micro[] | null)[] = [null, null, null, null];
  const left = [...lists, ...reading];
  while (left.length > 0 || open.some((list) => list !== null)) {
    const process = tape.pick([0, 1, 2, 3].filter((at) => left.length > 0 || open[at] !== null));
    const list = open[process] ?? left.shift()!;
    add(process, open[process] === null ? "invoke" : "ok", list);
    open[process] = open[process] === null ? list : null;
  }
  return events;
}

const runs = 800;

describe("rw-register decides just as brute force does", () => {
  test.each(levels.filter(([, , order]) => order === "none"))("all small histories: %s", (...level) => {
    const tally = new Tally();
    for (const lengths of [
      [2, 2, 1],
      [2, 2],
    ])
      for (const events of allOf(lengths)) tally.compare(events, level);
    expect(tally.counts.valid).toBeGreaterThan(2000);
    expect(tally.counts.invalid).toBeGreaterThan(2000);
  });

  test.each(levels)("random histories with failed and unknown transactions: %s", (...level) => {
    const tally = new Tally();
    fc.assert(
      fc.property(choices(120), fc.integer({ min: 2, max: 6 }), (tape, transactions) => {
        tally.compare(anyHistory(new ChoiceTape(tape), transactions), level);
      }),
      { seed: 41, numRuns: runs },
    );
    expect(tally.counts.valid).toBeGreaterThan(runs / 20);
    expect(tally.counts.invalid).toBeGreaterThan(runs / 5);
  });

  test.each(levels)("blind writes, of which nobody knows the order: %s", (...level) => {
    const tally = new Tally();
    fc.assert(
      fc.property(
        choices(60),
        fc.integer({ min: 2, max: 4 }),
        fc.integer({ min: 2, max: 4 }),
        (tape, writers, readers) => {
          const isSmall = level[1] === "serial";
          const events = blindHistory(
            new ChoiceTape(tape),
            writers,
            isSmall ? readers : Math.min(readers, 6 - writers),
          );
          tally.compare(events, level);
        },
      ),
      { seed: 42, numRuns: runs },
    );
    expect(tally.counts.valid).toBeGreaterThan(runs / 10);
    expect(tally.searched).toBeGreaterThan(runs / 10);
  });
});
