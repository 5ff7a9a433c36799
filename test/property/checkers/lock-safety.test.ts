import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { HistoryEvent, Json } from "../../../checkers/history/operation.ts";
import { lockSafety } from "../../../checkers/locks/lock-safety.checker.ts";
import { buildHistory, textOfEvents } from "../../support/build-history.ts";
import { findingOf, otherKey, withOneUnknown, withOtherNames } from "../../support/checker-laws.ts";
import { ChoiceTape, choices } from "../../support/choice-tape.ts";
import { EventLog } from "../../support/event-log.ts";
import { lockAnomalies } from "../../support/lock.oracle.ts";

interface Simulation {
  /** Does the lock break its rules, and the store accept what it likes? */
  readonly isBroken: boolean;
  readonly hasTokens: boolean;
}

/**
 * Clients take a lock that expires and write under it; a millisecond an event. The good lock gives rising tokens, and its
 * store refuses older ones; without tokens only clients that hold the lock write.
 */
function simulateLock(tape: ChoiceTape, { isBroken, hasTokens }: Simulation): HistoryEvent[] {
  const clients = 3;
  const log = new EventLog(clients);
  const open: ({ f: string; key: string; value: Json; answer: [string, Json?] | null } | null)[] = [
    null,
    null,
    null,
  ];
  const held: (Record<string, number | null> | null)[] = [null, null, null];
  const accepted: Record<string, Json>[] = [];
  let holder: { token: number; until: number } | null = null;
  let granted = 0;
  let highest = 0;
  const ttl = (): number => 2 + tape.below(12);
  const arrive = (client: number): void => {
    const call = open[client]!;
    const now = log.events.length;
    if (call.f === "acquire") {
      const isFree = holder === null || now >= holder.until;
      if (!isFree && !(isBroken && tape.once(3))) {
        call.answer = ["fail"];
        return;
      }
      const number = isBroken && tape.once(4) ? 1 + tape.below(granted + 1) : ++granted;
      const ttlMs = ttl();
      holder = { token: number, until: now + ttlMs };
      call.answer = [
        "ok",
        hasTokens ? { token: number, ttlMs } : { token: null, acquisition: number, ttlMs },
      ];
    } else if (call.f === "release") {
      const value = call.value as Record<string, number | null>;
      if (holder?.token === (value.token ?? value.acquisition)) holder = null;
      call.answer = ["ok"];
    } else {
      const value = call.value as Record<string, Json>;
      const number = Number(value.token ?? value.acquisition);
      const isGood = hasTokens ? number >= highest : holder?.token === number && now < holder.until;
      const isTaken = isGood !== (isBroken && tape.once(3));
      if (isTaken) {
        accepted.push(value);
        highest = Math.max(highest, number);
      }
      call.answer = [isTaken !== (isBroken && tape.once(8)) ? "ok" : "fail"];
    }
  };
  while (!tape.isUsedUp) {
    const client = tape.below(clients);
    const call = open[client]!;
    if (call !== null) {
      if (call.answer === null) arrive(client);
      else {
        open[client] = null;
        const [type, value] = call.answer;
        const isUnknown = tape.once(10);
        log.add(client, call, isUnknown ? "info" : (type as "ok"), isUnknown ? undefined : value);
        if (call.f === "acquire")
          held[client] = isUnknown || type !== "ok" ? null : (value as Record<string, number>);
        if (call.f === "release") held[client] = null;
      }
      continue;
    }
    const mine = held[client]!;
    const f = mine === null ? "acquire" : tape.pick(["guarded-write", "guarded-write", "release"]);
    const { ttlMs: _, ...name } = mine ?? { ttlMs: 0 };
    const value: Json =
      f === "acquire"
        ? null
        : f === "release"
          ? name
          : { lock: "L", ...name, value: tape.below(isBroken ? 3 : 1e6) };
    open[client] = { f, key: f === "guarded-write" ? "r" : "L", value, answer: null };
    log.add(client, open[client], "invoke", f === "acquire" ? undefined : value);
  }
  for (const [order, value] of accepted.entries()) {
    const index = log.events.length;
    const record = { ...value, order };
    log.events.push({
      index,
      time: index,
      type: "record",
      f: "accepted",
      key: "r",
      value: record,
      final: true,
    });
  }
  return log.events.map((event) => ({ ...event, time: event.index * 1e6 }));
}

describe("lockSafety", () => {
  test("finds exactly what comparing everything with everything finds", () => {
    const tally = new Map<string, number>();
    fc.assert(
      fc.property(choices(120), fc.boolean(), (tape, hasTokens) => {
        const events = simulateLock(new ChoiceTape(tape), { isBroken: true, hasTokens });
        if (!events.some(({ type }) => type === "record")) return;
        const result = lockSafety({ marginMs: 0, maxAnomalies: 1000 }).check(buildHistory(events));
        const found = result.anomalies.map(({ type, operations }) => `${type} ${operations.at(-1)}`).sort();
        const expected = lockAnomalies(events);
        if (found.join() !== expected.join()) {
          throw new Error(`expected ${expected}, found ${found}\n${textOfEvents(events)}`);
        }
        for (const type of expected.map((name) => name.split(" ")[0]!))
          tally.set(type, (tally.get(type) ?? 0) + 1);
        tally.set(result.verdict, (tally.get(result.verdict) ?? 0) + 1);
      }),
      { seed: 31, numRuns: 1500 },
    );
    const types = [
      "two-holders",
      "token-reused",
      "token-not-rising",
      "stale-holder-accepted",
      "acknowledged-write-missing",
      "refused-write-stored",
      "valid",
    ];
    for (const type of types) expect([type, (tally.get(type) ?? 0) > 10]).toEqual([type, true]);
  });

  test("never blames a good lock, with tokens or without", () => {
    fc.assert(
      fc.property(choices(300), fc.boolean(), (tape, hasTokens) => {
        const events = simulateLock(new ChoiceTape(tape), { isBroken: false, hasTokens });
        expect(lockSafety({ marginMs: 0 }).check(buildHistory(events)).anomalies).toEqual([]);
      }),
      { seed: 32, numRuns: 1000 },
    );
  });

  test("keeps its verdict when keys, processes and clients are renamed", () => {
    fc.assert(
      fc.property(choices(120), (tape) => {
        const events = simulateLock(new ChoiceTape(tape), { isBroken: true, hasTokens: true });
        const checker = lockSafety({ marginMs: 0 });
        const expected = findingOf(checker, events, undefined, otherKey);
        expect(findingOf(checker, withOtherNames(events))).toEqual(expected);
      }),
      { seed: 33, numRuns: 150 },
    );
  });

  test("does not blame a history for knowing less", () => {
    fc.assert(
      fc.property(choices(160), fc.boolean(), choices(10), (tape, hasTokens, choice) => {
        const events = simulateLock(new ChoiceTape(tape), { isBroken: false, hasTokens });
        const weaker = withOneUnknown(events, new ChoiceTape(choice));
        expect(findingOf(lockSafety({ marginMs: 0 }), weaker).verdict).not.toBe("invalid");
      }),
      { seed: 34, numRuns: 500 },
    );
  });
});
