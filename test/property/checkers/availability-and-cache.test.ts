import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { availability } from "../../../checkers/availability/availability.checker.ts";
import { cacheStaleness } from "../../../checkers/cache/cache-staleness.checker.ts";
import type { HistoryEvent, Json } from "../../../checkers/history/operation.ts";
import { availabilityMeasures } from "../../support/availability.oracle.ts";
import { buildHistory, textOfEvents } from "../../support/build-history.ts";
import { byLabel } from "../../support/by-label.ts";
import { cacheAnomalies } from "../../support/cache.oracle.ts";
import { ChoiceTape, choices } from "../../support/choice-tape.ts";
import { EventLog } from "../../support/event-log.ts";

interface OpenCall {
  readonly f: string;
  readonly key: string;
  readonly final?: boolean;
}

/** A millisecond an event. */
function timed(events: readonly HistoryEvent[]): HistoryEvent[] {
  return events.map((event, index) => ({ ...event, index, time: index * 1e6 }));
}

/** Calls that end in any manner while faults come and go, in any order and overlapping. */
function callsUnderFaults(tape: ChoiceTape): HistoryEvent[] {
  const log = new EventLog(3);
  const open: (OpenCall | null)[] = [null, null, null];
  const active = new Set<number>();
  const fault = (id: number, event: "inject" | "heal"): void => {
    const index = log.events.length;
    log.events.push({ index, time: index, type: "fault", id, fault: "pause", event, target: "a" });
  };
  let faults = 0;
  while (!tape.isUsedUp) {
    const choice = tape.below(8);
    if (choice === 0 && faults < 3) {
      active.add(faults);
      fault(faults++, "inject");
    } else if (choice === 1 && active.size > 0) {
      const id = tape.pick([...active]);
      active.delete(id);
      fault(id, "heal");
    } else {
      const client = tape.below(3);
      const call = open[client]!;
      if (call === null) {
        const next = { f: "read", key: "x", ...(tape.once(9) ? { final: true } : {}) };
        open[client] = next;
        log.add(client, next, "invoke");
        continue;
      }
      open[client] = null;
      if (tape.once(9)) log.abandon(client);
      else log.add(client, call, tape.pick(["ok", "ok", "fail", "info"] as const));
    }
  }
  return timed(log.events);
}

/** Writers, a cache that shows old versions, and entries at the end that are right or not. */
function writesAndCachedReads(tape: ChoiceTape): HistoryEvent[] {
  const log = new EventLog(3);
  const open: (OpenCall | null)[] = [null, null, null];
  const versions = new Map([
    ["a", 0],
    ["b", 0],
  ]);
  // The rest of the tape is for what is there at the end.
  while (log.events.length < 22) {
    const client = tape.below(3);
    const call = open[client]!;
    if (call === null) {
      const next = { f: tape.pick(["read", "read", "update"]), key: tape.pick(["a", "b"]) };
      open[client] = next;
      log.add(client, next, "invoke");
      continue;
    }
    open[client] = null;
    const current = versions.get(call.key)!;
    if (call.f === "update") {
      versions.set(call.key, current + 1);
      if (tape.once(6)) log.add(client, call, "info");
      else log.add(client, call, "ok", { version: current + 1 });
    } else {
      const version = Math.max(0, current - (tape.once(2) ? tape.below(3) : 0));
      log.add(client, call, "ok", version === 0 ? null : { version });
    }
  }
  const entry = (f: string, key: string, value: Json): void => {
    const index = log.events.length;
    log.events.push({ index, time: index, type: "record", f, key, node: f, value, final: true });
  };
  for (const [key, version] of versions) {
    if (version > 0) entry("stored", key, { version, value: 0 });
    const held = Math.max(0, version + tape.below(3) - 1);
    if (!tape.once(3)) entry("cached", key, held === 0 ? null : { version: held, value: tape.below(2) });
  }
  if (versions.get("a") === 0) entry("stored", "c", { version: 1, value: 0 });
  return timed(log.events).map((event) =>
    event.type === "ok" && event.f === "read" ? { ...event, node: "cache" } : event,
  );
}

describe("availability", () => {
  test("measures what looking at every moment of every call measures", () => {
    const seen = new Set<string>();
    let differ = 0;
    fc.assert(
      fc.property(choices(90), fc.nat(12), (tape, graceMs) => {
        const events = callsUnderFaults(new ChoiceTape(tape));
        const history = buildHistory(events);
        const measures = byLabel(availability().check(history).stats.measures ?? []);
        expect(measures).toEqual(availabilityMeasures(events));
        const later = byLabel(availability({ graceMs }).check(history).stats.measures ?? []);
        expect(later).toEqual(availabilityMeasures(events, graceMs));
        if (JSON.stringify(later) !== JSON.stringify(measures)) differ++;
        for (const name of Object.keys(measures)) seen.add(name);
      }),
      { seed: 51, numRuns: 1000 },
    );
    expect(seen.size).toBe(6);
    expect(differ).toBeGreaterThan(100);
  });

  test("is invalid exactly where a measure is beyond what is asked for", () => {
    const tally = { valid: 0, invalid: 0 };
    fc.assert(
      fc.property(choices(90), fc.nat(20), fc.nat(10), fc.nat(10), (tape, maxOutageMs, during, outside) => {
        const events = callsUnderFaults(new ChoiceTape(tape));
        const [minOkDuring, minOkOutside] = [during / 10, outside / 10];
        const options = { maxOutageMs, minOkDuring, minOkOutside, recoverWithinMs: maxOutageMs };
        const { verdict } = availability(options).check(buildHistory(events));
        const isBeyond = Object.entries(availabilityMeasures(events)).some(([name, value]) => {
          if (name.endsWith("in ms")) return value > maxOutageMs;
          return value < (name.includes("outside") ? minOkOutside : minOkDuring);
        });
        // That nobody was served after the last heal is no measure.
        if (isBeyond) expect(verdict).toBe("invalid");
        else if (verdict === "invalid") {
          expect(availabilityMeasures(events)["recovery in ms"]).toBe(undefined);
        }
        if (verdict !== "unknown") tally[verdict]++;
      }),
      { seed: 52, numRuns: 1000 },
    );
    expect(Math.min(tally.valid, tally.invalid)).toBeGreaterThan(20);
  });
});

describe("cacheStaleness", () => {
  test("finds exactly what comparing everything with everything finds", () => {
    const tally = new Map<string, number>();
    fc.assert(
      fc.property(choices(90), fc.nat(9), (tape, maxStalenessMs) => {
        const events = writesAndCachedReads(new ChoiceTape(tape));
        const checker = cacheStaleness({ caches: ["cache"], maxStalenessMs, maxAnomalies: 1000 });
        const { anomalies } = checker.check(buildHistory(events));
        const found = anomalies.map(({ type, operations }) => `${type} ${operations.at(-1)}`).sort();
        const expected = cacheAnomalies(events, maxStalenessMs);
        if (found.join() !== expected.join()) {
          throw new Error(`expected ${expected}, found ${found}\n${textOfEvents(events)}`);
        }
        for (const { type } of anomalies) tally.set(type, (tally.get(type) ?? 0) + 1);
        if (anomalies.length === 0) tally.set("none", (tally.get("none") ?? 0) + 1);
      }),
      { seed: 53, numRuns: 1500 },
    );
    for (const type of ["stale-entry", "ghost-entry", "wrong-entry", "stale-read", "none"]) {
      expect([type, (tally.get(type) ?? 0) > 20]).toEqual([type, true]);
    }
  });
});
