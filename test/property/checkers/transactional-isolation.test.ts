import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CheckResult } from "../../../checkers/checker.ts";
import type { HistoryEvent, Json } from "../../../checkers/history/operation.ts";
import { listAppend } from "../../../checkers/transactions/list-append.checker.ts";
import { rwRegister } from "../../../checkers/transactions/rw-register.checker.ts";
import { buildHistory, textOfEvents } from "../../support/build-history.ts";
import { ChoiceTape, choices } from "../../support/choice-tape.ts";
import { isSerializable, isSnapshotIsolated, levelsBrokenByCycles } from "../../support/isolation.oracle.ts";
import {
  type StoreLevel,
  simulateTransactions,
  type TransactionSimulation,
} from "../../support/simulated-transactions.ts";

/** For each level of the store the strongest level by name that it has. */
const levels: Readonly<Record<StoreLevel, string>> = {
  "read-uncommitted": "strong-read-uncommitted",
  "read-committed": "strong-read-committed",
  "snapshot-isolation": "snapshot-isolation",
  "strong-snapshot-isolation": "strong-snapshot-isolation",
  serializable: "serializable",
  "strict-serializable": "strict-serializable",
};

const small: TransactionSimulation = {
  level: "read-committed",
  kind: "list",
  clients: 3,
  transactions: 5,
  keys: 2,
  length: 3,
  unknownEvery: 0,
  readsAll: false,
};

const checkers = { list: listAppend, register: rwRegister } as const;
const kinds = ["list", "register"] as const;

function anomalyTypes({ stats }: CheckResult): readonly string[] {
  return stats.details?.anomalyTypes as string[];
}

function strongest({ stats }: CheckResult): readonly string[] {
  return stats.details?.strongest as string[];
}

/** Replaces one value that was read by one of the beginnings or another value of the same key. */
function withOneReadChanged(events: readonly HistoryEvent[], tape: ChoiceTape): HistoryEvent[] {
  const reads = events.filter(
    (event) => event.type === "ok" && (event.value as Json[][]).some(([f]) => f === "r"),
  );
  if (reads.length === 0) return [...events];
  const chosen = tape.pick(reads);
  const values = events.flatMap((event) =>
    event.type === "ok" ? (event.value as [string, string, Json][]).filter(([f]) => f === "r") : [],
  );
  return events.map((event) => {
    if (event !== chosen || event.type !== "ok") return event;
    const list = (event.value as [string, string, Json][]).map((operation) => [...operation]);
    const place = list.findIndex(([f]) => f === "r");
    const others = values.filter(([, key]) => key === list[place]![1]);
    list[place]![2] = tape.pick(others)[2];
    return { ...event, value: list as Json };
  });
}

const onlyCycles = /^(G0|G1c|G-single|G-nonadjacent|G2|lost-update|empty)/;

describe.each(kinds)("transactions on a %s", (kind) => {
  const checker = checkers[kind];

  test.each(Object.keys(levels) as StoreLevel[])("are never blamed where the store is %s", (level) => {
    let conclusive = 0;
    fc.assert(
      fc.property(
        choices(160),
        fc.integer({ min: 2, max: 25 }),
        fc.boolean(),
        (tape, transactions, readsAll) => {
          const size = { clients: 5, transactions, keys: 3, length: 4, unknownEvery: 9, readsAll };
          const events = simulateTransactions(new ChoiceTape(tape), { ...small, ...size, kind, level });
          const history = buildHistory(events);
          const result = checker({ isolation: levels[level] }).check(history);
          if (result.verdict === "invalid") {
            throw new Error(`${JSON.stringify(result.anomalies)}\n${textOfEvents(events)}`);
          }
          if (result.verdict === "valid") conclusive++;
          const whole = checker().check(history);
          const holds = strongest(whole).some(
            (name) => checker({ isolation: name }).check(history).verdict !== "invalid",
          );
          expect(holds || strongest(whole).length === 0).toBe(true);
          const broken = whole.stats.details?.violated as string[];
          expect(broken).not.toContain(levels[level]);
        },
      ),
      { seed: 11, numRuns: 700 },
    );
    expect(conclusive).toBeGreaterThan(300);
  });

  test("are blamed for what a weaker store lets happen", () => {
    const seen = new Map<StoreLevel, Set<string>>();
    fc.assert(
      fc.property(choices(300), fc.constantFrom(...(Object.keys(levels) as StoreLevel[])), (tape, level) => {
        const size = { clients: 5, transactions: 30, keys: 2, length: 4, readsAll: true };
        const events = simulateTransactions(new ChoiceTape(tape), { ...small, ...size, kind, level });
        const types = seen.get(level) ?? new Set();
        seen.set(level, types);
        for (const type of anomalyTypes(checker().check(buildHistory(events)))) types.add(type);
      }),
      { seed: 12, numRuns: 400 },
    );
    expect([...seen.get("read-uncommitted")!]).toEqual(expect.arrayContaining(["G1a", "G1b", "G1c"]));
    expect([...seen.get("read-committed")!]).toEqual(
      expect.arrayContaining(["G-single-item", "lost-update"]),
    );
    expect([...seen.get("snapshot-isolation")!]).toEqual(expect.arrayContaining(["G2-item"]));
    expect([...seen.get("snapshot-isolation")!].some((type) => type.endsWith("-realtime"))).toBe(true);
    expect([...seen.get("strong-snapshot-isolation")!]).toContain("G2-item");
    expect(
      [...seen.get("strong-snapshot-isolation")!].every((type) => /^(G2-item|no-serial-order)/.test(type)),
    ).toBe(true);
    expect([...seen.get("serializable")!].every((type) => /-(process|realtime)$/.test(type))).toBe(true);
    expect(seen.get("serializable")!.size).toBeGreaterThan(0);
    expect([...seen.get("strict-serializable")!]).toEqual([]);
  });
});

/** Histories of weak stores, some of them with an answer altered. */
function weakHistory(
  kind: "list" | "register",
  unknownEvery: number,
  readsAll: boolean,
): fc.Arbitrary<HistoryEvent[]> {
  return fc
    .tuple(
      choices(60),
      fc.constantFrom<StoreLevel>("read-uncommitted", "read-committed", "snapshot-isolation", "serializable"),
      choices(8),
      fc.integer({ min: 0, max: 2 }),
    )
    .map(([tape, level, alterations, changes]) => {
      let events = simulateTransactions(new ChoiceTape(tape), {
        ...small,
        kind,
        level,
        unknownEvery,
        readsAll,
      });
      const altered = new ChoiceTape(alterations);
      for (let at = 0; at < changes; at++) events = withOneReadChanged(events, altered);
      return events;
    });
}

function disagree(what: string, result: CheckResult, events: readonly HistoryEvent[]): never {
  throw new Error(`${what}: ${JSON.stringify(result)}\n${textOfEvents(events)}`);
}

describe("list-append says what brute force says of small histories", () => {
  test.each(["none", "session", "real-time"] as const)(
    "about serializability, with the order %s",
    (order) => {
      const isolation = {
        none: "serializable",
        session: "strong-session-serializable",
        "real-time": "strict-serializable",
      };
      let broken = 0;
      fc.assert(
        fc.property(weakHistory("list", 8, false), (events) => {
          const result = listAppend({ isolation: isolation[order] }).check(buildHistory(events));
          const explained = isSerializable(events, order);
          if (explained === (result.verdict === "invalid"))
            disagree(`explained ${explained}`, result, events);
          if (!explained) broken++;
        }),
        { seed: 21, numRuns: 1200 },
      );
      expect(broken).toBeGreaterThan(150);
    },
  );

  test.each(["none", "session", "real-time"] as const)(
    "about snapshot isolation, with the order %s",
    (order) => {
      const isolation = {
        none: "snapshot-isolation",
        session: "strong-session-snapshot-isolation",
        "real-time": "strong-snapshot-isolation",
      };
      let broken = 0;
      fc.assert(
        fc.property(weakHistory("list", 0, true), (events) => {
          const result = listAppend({ isolation: isolation[order] }).check(buildHistory(events));
          const explained = isSnapshotIsolated(events, order);
          if (explained === (result.verdict === "invalid"))
            disagree(`explained ${explained}`, result, events);
          if (!explained) broken++;
        }),
        { seed: 22, numRuns: 800 },
      );
      expect(broken).toBeGreaterThan(100);
    },
  );

  test("about every level that dependencies decide", () => {
    let compared = 0;
    fc.assert(
      fc.property(weakHistory("list", 8, true), (events) => {
        const result = listAppend().check(buildHistory(events));
        const broken = levelsBrokenByCycles(events, "list");
        const types = anomalyTypes(result);
        if (!types.every((type) => onlyCycles.test(type))) return;
        for (const name of strongest(result)) {
          if (broken.has(name)) disagree(`${name} is broken`, result, events);
        }
        for (const name of broken) {
          if (listAppend({ isolation: name }).check(buildHistory(events)).verdict !== "invalid") {
            disagree(`${name} is broken`, result, events);
          }
        }
        for (const name of [
          "read-uncommitted",
          "read-committed",
          "consistent-view",
          "strong-read-committed",
        ]) {
          const isInvalid = listAppend({ isolation: name }).check(buildHistory(events)).verdict === "invalid";
          if (isInvalid && !broken.has(name)) disagree(`${name} is not broken`, result, events);
        }
        if (types.length > 0) compared++;
      }),
      { seed: 23, numRuns: 800 },
    );
    expect(compared).toBeGreaterThan(100);
  });
});

describe("rw-register says nothing that brute force does not say of small histories", () => {
  test.each(["none", "session", "real-time"] as const)(
    "about serializability, with the order %s",
    (order) => {
      const isolation = {
        none: "serializable",
        session: "strong-session-serializable",
        "real-time": "strict-serializable",
      };
      let broken = 0;
      let missed = 0;
      fc.assert(
        fc.property(weakHistory("register", 8, false), (events) => {
          const result = rwRegister({ isolation: isolation[order] }).check(buildHistory(events));
          const explained = isSerializable(events, order);
          if (explained && result.verdict === "invalid") disagree("explained", result, events);
          if (!explained && result.verdict === "valid") missed++;
          if (result.verdict === "invalid") broken++;
        }),
        { seed: 31, numRuns: 1200 },
      );
      expect(broken).toBeGreaterThan(100);
      // Most are found without knowing the order of blind writes.
      expect(missed).toBeLessThan(broken);
    },
  );

  test("about snapshot isolation and the weaker levels", () => {
    let broken = 0;
    fc.assert(
      fc.property(weakHistory("register", 0, true), (events) => {
        const history = buildHistory(events);
        const result = rwRegister({ isolation: "snapshot-isolation" }).check(history);
        if (result.verdict === "invalid" && isSnapshotIsolated(events, "none"))
          disagree("explained", result, events);
        if (result.verdict === "invalid") broken++;
        const types = anomalyTypes(rwRegister().check(history));
        if (!types.every((type) => onlyCycles.test(type)) || types.includes("lost-update")) return;
        const truly = levelsBrokenByCycles(events, "register");
        for (const name of ["read-uncommitted", "read-committed", "repeatable-read", "serializable"]) {
          const isInvalid = rwRegister({ isolation: name }).check(history).verdict === "invalid";
          if (isInvalid && !truly.has(name)) disagree(`${name} is not broken`, result, events);
        }
      }),
      { seed: 32, numRuns: 800 },
    );
    expect(broken).toBeGreaterThan(100);
  });
});
