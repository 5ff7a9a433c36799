import { describe, expect, test } from "vitest";
import { definiteAnswers } from "../../../checkers/answers/definite-answers.checker.ts";
import { availability } from "../../../checkers/availability/availability.checker.ts";
import { cacheStaleness } from "../../../checkers/cache/cache-staleness.checker.ts";
import type { HistoryEvent, Json } from "../../../checkers/history/operation.ts";
import { availabilityFindings, availabilityMeasures } from "../../support/availability.oracle.ts";
import { buildHistory } from "../../support/build-history.ts";
import { byLabel } from "../../support/by-label.ts";
import { cacheAnomalies } from "../../support/cache.oracle.ts";
import { answerAnomalies } from "../../support/definite-answers.oracle.ts";
import { everySequence } from "../../support/every-sequence.ts";
import { FindingTally } from "../../support/finding-tally.ts";
import { inMilliseconds } from "../../support/in-milliseconds.ts";

const line = (process: number, type: string, f: string, more: object = {}) => ({
  ...{ process, type, f, key: "k" },
  ...more,
});
const call = (process: number, f: string, type: string, more: object = {}) => [
  line(process, "invoke", f),
  line(process, type, f, more),
];
const fault = (id: number, event: string) => [{ type: "fault", id, fault: "pause", target: "a", event }];

/** Are these lines there at most once, and each only after those before it? */
function isOnceInOrder(sequence: readonly unknown[], ...lines: readonly unknown[]): boolean {
  return lines.every((one, at) => {
    const place = sequence.indexOf(one);
    if (place < 0) return true;
    const before = at === 0 ? -1 : sequence.indexOf(lines[at - 1]);
    return sequence.lastIndexOf(one) === place && (at === 0 || (before >= 0 && before < place));
  });
}

test("definite-answers says what its oracle says of every sequence of up to five answers and faults", () => {
  const error = (code: string) => ({ error: { code } });
  const lines = [
    call(0, "read", "ok"),
    call(0, "read", "fail", error("internal")),
    call(0, "read", "info", error("http-500")),
    call(0, "bad-request", "ok"),
    call(0, "bad-request", "fail", error("invalid")),
    call(0, "bad-request", "fail", error("http-500")),
    [line(0, "invoke", "bad-request")],
    fault(1, "inject"),
    fault(1, "heal"),
  ];
  const tally = new FindingTally();
  const checker = definiteAnswers({ maxAnomalies: 1000 });
  for (const sequence of everySequence(lines, 5)) {
    if (!isOnceInOrder(sequence, lines[7], lines[8])) continue;
    // Each call is of a client of its own.
    const events = inMilliseconds(
      sequence.flatMap((group, process) =>
        group.map((one) => ("process" in one ? { ...one, process } : one)),
      ),
    );
    const result = checker.check(buildHistory(events));
    const found = result.anomalies.map(({ type, operations }) => `${type} ${operations.at(-1)}`);
    tally.compare(events, result, found, answerAnomalies(events));
  }
  const types = ["bad-input-accepted", "bad-input-crashed", "good-input-crashed"];
  expect(tally.rarerThan(50, ["valid", "invalid", "unknown", ...types])).toEqual([]);
});

describe("cache-staleness says what comparing everything with everything says", () => {
  const reads: readonly Json[] = [null, { version: 1 }, { version: 2 }];
  const question = [line(1, "invoke", "read")];
  const answer = [line(1, "ok", "read", { node: "cache", value: { version: 1 } })];
  const calls = [
    call(0, "create", "ok", { value: { version: 1 } }),
    call(0, "update", "ok", { value: { version: 2 } }),
    call(0, "update", "fail"),
    call(0, "delete", "ok"),
    ...reads.map((value) => call(0, "read", "ok", { node: "cache", value })),
    question,
    answer,
  ];
  const entry = (f: string, value: Json) => ({ type: "record", f, key: "k", node: f, value, final: true });
  const kept: readonly Json[] = [
    null,
    { version: 1, value: "a" },
    { version: 2, value: "b" },
    { value: "a" },
  ];
  const held: readonly Json[] = [...kept, { version: 2, value: "a" }, { value: null }, { value: "b" }];

  test("of every sequence of up to four calls", () => {
    const tally = new FindingTally();
    const checker = cacheStaleness({ caches: ["cache"], maxStalenessMs: 1, maxAnomalies: 1000 });
    for (const sequence of everySequence(calls, 4)) {
      if (!isOnceInOrder(sequence, question, answer)) continue;
      compare(inMilliseconds(sequence.flat()), checker, 1, tally);
    }
    expect(tally.rarerThan(50, ["valid", "invalid", "unknown", "stale-read"])).toEqual([]);
  });

  test("of up to two records of what is stored and of what is cached", () => {
    const tally = new FindingTally();
    const checker = cacheStaleness({ maxAnomalies: 1000 });
    for (const stored of everySequence(kept, 2)) {
      for (const cached of everySequence(held, 2)) {
        const records = [
          ...stored.map((value) => entry("stored", value)),
          ...cached.map((value) => entry("cached", value)),
        ];
        compare(inMilliseconds(records), checker, 0, tally);
      }
    }
    const types = ["stale-entry", "ghost-entry", "wrong-entry"];
    expect(tally.rarerThan(20, ["valid", "invalid", "unknown", ...types])).toEqual([]);
  });
});

function compare(
  events: readonly HistoryEvent[],
  checker: ReturnType<typeof cacheStaleness>,
  maxStalenessMs: number,
  tally: FindingTally,
): void {
  const result = checker.check(buildHistory(events));
  const found = result.anomalies.map(({ type, operations }) => `${type} ${operations.at(-1)}`);
  tally.compare(events, result, found, cacheAnomalies(events, maxStalenessMs));
}

test("availability says what looking at every moment says of every sequence of up to five calls and faults", () => {
  const question = [line(1, "invoke", "read")];
  const answer = [line(1, "ok", "read")];
  const [inject, heal, other, otherHeal] = [
    fault(1, "inject"),
    fault(1, "heal"),
    fault(2, "inject"),
    fault(2, "heal"),
  ];
  const last = [line(2, "invoke", "read", { final: true }), line(2, "ok", "read", { final: true })];
  const lines = [
    call(0, "read", "ok"),
    call(0, "read", "fail"),
    call(0, "read", "info"),
    question,
    answer,
    inject,
    heal,
    other,
    otherHeal,
    last,
  ];
  const asked = { minOkOutside: 0.6, minOkDuring: 0.4, maxOutageMs: 2, recoverWithinMs: 1 };
  const tally = new FindingTally();
  for (const sequence of everySequence(lines, 5)) {
    const isPossible =
      isOnceInOrder(sequence, question, answer) &&
      isOnceInOrder(sequence, inject, heal) &&
      isOnceInOrder(sequence, inject, other, otherHeal) &&
      isOnceInOrder(sequence, last);
    if (!isPossible) continue;
    const events = inMilliseconds(
      sequence.flatMap((group, at) =>
        // Whoever is not told has no more to say.
        group.map((one) => ("process" in one && one.process === 0 ? { ...one, process: 9 + at } : one)),
      ),
    );
    const result = availability({ ...asked, maxAnomalies: 1000 }).check(buildHistory(events));
    expect(byLabel(result.stats.measures ?? [])).toEqual(availabilityMeasures(events));
    const { found, isOpen } = availabilityFindings(events, asked);
    tally.compare(
      events,
      result,
      result.anomalies.map(({ type }) => type),
      found,
    );
    if (found.length === 0) expect([result.verdict, events]).toEqual([isOpen ? "unknown" : "valid", events]);
  }
  expect(tally.rarerThan(10, ["valid", "invalid", "unknown", "unavailable", "slow-recovery"])).toEqual([]);
});
