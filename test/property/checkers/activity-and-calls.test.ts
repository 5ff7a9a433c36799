import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { activity } from "../../../checkers/activity/activity.checker.ts";
import { outgoingCalls } from "../../../checkers/calls/outgoing-calls.checker.ts";
import type { HistoryEvent, Json } from "../../../checkers/history/operation.ts";
import { isActive } from "../../support/activity.oracle.ts";
import { buildHistory, textOfEvents } from "../../support/build-history.ts";
import { ChoiceTape, choices } from "../../support/choice-tape.ts";
import { everySequence } from "../../support/every-sequence.ts";
import { inMilliseconds } from "../../support/in-milliseconds.ts";
import { callAnomalies, type OracleLimits } from "../../support/outgoing-calls.oracle.ts";
import { RecordLog } from "../../support/record-log.ts";
import { callLimits, simulateCalls } from "../../support/simulated-calls.ts";

/** Does the checker say what the oracle says? Counts what that is. */
function compareCalls(
  events: readonly HistoryEvent[],
  limits: OracleLimits,
  tally: Map<string, number>,
): void {
  const { found, unreadable } = callAnomalies(events, limits);
  const result = outgoingCalls({ ...limits, maxAnomalies: 1000 }).check(buildHistory(events));
  const names = result.anomalies.map(({ type, key, operations }) => {
    const { node } = events.find(({ index }) => index === operations[0]) as { readonly node?: string };
    return type === "overload" ? `overload of ${node}` : `${type} ${key}`;
  });
  const isExamined = events.some((event) => "f" in event && event.f === "call");
  const without = unreadable.length > 0 || !isExamined ? "unknown" : "valid";
  const verdict = found.length > 0 ? "invalid" : without;
  const text = textOfEvents(events);
  if ([...new Set(names)].sort().join() !== found.join() || result.verdict !== verdict) {
    throw new Error(`expected ${verdict} ${found}, found ${result.verdict} ${names}\n${text}`);
  }
  for (const name of [verdict, ...found.map((one) => one.split(" ")[0]!)])
    tally.set(name, (tally.get(name) ?? 0) + 1);
}

const call = (life: string, id: string, event: string, outcome?: string) => ({
  type: "record",
  f: "call",
  key: id,
  node: "caller",
  value: { life, call: id, event, ...(outcome === undefined ? {} : { outcome }) },
});
const effect = (step: Json, kind: Json, final: boolean) => ({
  type: "record",
  f: "effect",
  key: "a",
  node: "callee",
  value: { step, kind },
  ...(final ? { final } : {}),
});
const anomalyTypes = ["refusal-retried", "too-many-attempts", "slow-call", "overload", "repeated-effect"];

describe("outgoing-calls says what its promise says", () => {
  test("of every sequence of up to four lines", () => {
    const lines = [
      ...["begun", "ended"].map((event) => call("1", "a", event)),
      ...["done", "refused", "unknown", "not-sent", "lost"].map((how) => call("1", "a", "attempt", how)),
      call("1", "b", "attempt", "unknown"),
      call("2", "c", "begun"),
      effect("pay", "do", true),
      effect("pay", "undo", true),
      effect("pay", "do", false),
      effect(7, "do", true),
    ];
    const limits = { attemptsMax: 2, callMsMax: 1, failuresMax: 1, windowMs: 2 };
    const tally = new Map<string, number>();
    for (const sequence of everySequence(lines, 4)) {
      // One call begins once and ends once, and nothing of it comes before or after that.
      const of = sequence.map((line) => lines.indexOf(line));
      if (of.filter((at) => at === 0).length > 1 || of.filter((at) => at === 1).length > 1) continue;
      if (of.filter((at) => at === 8).length > 1 || (of.includes(1) && of.indexOf(1) < of.indexOf(0)))
        continue;
      compareCalls(inMilliseconds(sequence), limits, tally);
    }
    for (const name of [...anomalyTypes, "valid", "unknown"]) {
      expect([name, (tally.get(name) ?? 0) > 20]).toEqual([name, true]);
    }
  });

  test("of callers that break it now and then, and of random lines", () => {
    const tally = new Map<string, number>();
    const tight = { ...callLimits, failuresMax: 1, windowMs: 200 };
    const loose = { attemptsMax: 9, callMsMax: 900, failuresMax: 9, windowMs: 20 };
    fc.assert(
      fc.property(choices(120), fc.nat(3), (tape, kind) => {
        const choice = new ChoiceTape(tape);
        const events = kind < 2 ? simulateCalls(choice, kind === 1) : randomCalls(choice);
        compareCalls(events, kind < 2 ? callLimits : kind === 2 ? tight : loose, tally);
      }),
      { seed: 61, numRuns: 800 },
    );
    for (const name of [...anomalyTypes, "valid", "unknown"]) {
      expect([name, (tally.get(name) ?? 0) > 5]).toEqual([name, true]);
    }
  });
});

/** Two callers with two lives each, of which calls begin and end once; pauses of up to 60 ms. */
function randomCalls(tape: ChoiceTape): HistoryEvent[] {
  const log = new RecordLog();
  const state = new Map<string, string>();
  let time = 0;
  while (!tape.isUsedUp) {
    const life = tape.pick(["1", "2", "3"]);
    const id = `${life} ${tape.below(3)}`;
    const key = tape.pick(["x", "y"]);
    const before = state.get(id) ?? "";
    const isEffect = tape.once(20);
    const isOver = before.endsWith("ended");
    if (isEffect) {
      log.add(
        "effect",
        key,
        "callee",
        { step: tape.pick(["pay", "ship"]), kind: tape.pick(["do", "undo"]) },
        true,
      );
    } else if (before === "")
      log.add("call", id, `caller ${life === "1"}`, { life, call: id, event: "begun" }, false);
    else if (!isOver) {
      const outcome = tape.pick([
        "done",
        "refused",
        "unknown",
        "unknown",
        "not-sent",
        ...(tape.once(4) ? [7] : []),
      ]);
      const event = tape.once(3) ? { event: "ended" } : { event: "attempt", outcome };
      log.add("call", id, `caller ${life === "1"}`, { life, call: id, ...event }, false);
      state.set(id, event.event);
    }
    if (before === "" && !isEffect) state.set(id, "begun");
    const last = log.events.at(-1);
    time += tape.once(3) ? tape.below(60) : tape.below(4);
    if (last !== undefined) log.events[log.events.length - 1] = { ...last, time: time * 1e6 };
  }
  return log.events;
}

describe("activity says what its promise says", () => {
  const fault = (id: number, event: string, bites?: number) => ({
    type: "fault",
    id,
    fault: "pause",
    target: "orders",
    event,
    ...(bites === undefined ? {} : { bites }),
  });
  const lines: readonly (readonly object[])[] = [
    ...["read", "write"].flatMap((f) =>
      ["ok", "fail"].map((type) => [
        { process: f, type: "invoke", f, key: "x" },
        { process: f, type, f, key: "x" },
      ]),
    ),
    ...[1, 2].map((id) => [fault(id, "inject")]),
    [fault(1, "heal", 0)],
    [fault(1, "heal", 2)],
    [fault(1, "heal")],
    [fault(2, "heal", 1)],
  ];

  test.each([
    { minOk: 1, minOkOf: {} },
    { minOk: 0, minOkOf: { write: 1 } },
    { minOk: 2, minOkOf: { read: 1 } },
  ])("of every sequence of up to four calls and faults, with %j", (asked) => {
    const tally = { valid: 0, unknown: 0 };
    for (const sequence of everySequence(lines, 4)) {
      const events = inMilliseconds(sequence.flat());
      const result = activity(asked).check(buildHistory(events));
      const verdict = isActive(events, asked) ? "valid" : "unknown";
      tally[verdict]++;
      if (result.verdict !== verdict) {
        throw new Error(`expected ${verdict}, found ${JSON.stringify(result)}\n${textOfEvents(events)}`);
      }
    }
    expect(Math.min(tally.valid, tally.unknown)).toBeGreaterThan(300);
  });
});
