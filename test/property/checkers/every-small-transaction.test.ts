import { expect, test } from "vitest";
import type { Checker } from "../../../checkers/checker.ts";
import type { HistoryEvent, Json } from "../../../checkers/history/operation.ts";
import { listAppend } from "../../../checkers/transactions/list-append.checker.ts";
import { rwRegister } from "../../../checkers/transactions/rw-register.checker.ts";
import { buildHistory, textOfEvents } from "../../support/build-history.ts";
import type { MicroOperation } from "../../support/every-transaction.ts";
import { FindingTally } from "../../support/finding-tally.ts";
import { levelsBrokenByCycles } from "../../support/isolation.oracle.ts";
import { decidedLevels, everySmallTransactions, plainAnomalies } from "../../support/small-transactions.ts";

/** No element, one or two of those appended, one twice; of the second key one that nobody appended. */
function readableLists(written: readonly number[], key: string): readonly Json[] {
  if (written.length === 0) return key === "y" ? [[], [99]] : [[]];
  const pairs = written.flatMap((one) => written.flatMap((two) => (one === two ? [] : [[one, two]])));
  const repeated = pairs.length === 0 ? [[written[0]!, written[0]!]] : pairs;
  return [[], ...written.map((one) => [one]), ...repeated];
}

function readableRegisters(written: readonly number[], key: string): readonly Json[] {
  return [null, ...(written.length === 0 && key === "y" ? [99] : written)];
}

/** A value that nobody wrote is what a register had at first, where nobody read nil. */
function withInitialAsNil(events: readonly HistoryEvent[]): HistoryEvent[] {
  const operations = (event: HistoryEvent) =>
    event.type === "ok" ? (event.value as unknown as MicroOperation[]) : [];
  const isNilRead = (key: string): boolean =>
    events.some((event) =>
      operations(event).some(([f, own, value]) => f === "r" && own === key && value === null),
    );
  return events.map((event) => {
    if (event.type !== "ok") return event;
    const value: Json = operations(event).map(([f, key, read]) => [
      f,
      key,
      read === 99 && !isNilRead(key) ? null : read,
    ]);
    return { ...event, value };
  });
}

const onlyCycles = /^(G0|G1c|G-single|G-nonadjacent|G2|lost-update)/;
const cycleLevels = ["read-uncommitted", "read-committed", "consistent-view", "strong-read-committed"];

/** Compares the levels that brute force decides; gives the types that the checker names without a demand. */
function compareLevels(
  events: readonly HistoryEvent[],
  explained: readonly HistoryEvent[],
  checkers: readonly Checker[],
  tally: FindingTally,
): void {
  const history = buildHistory(events);
  const isOneEach =
    new Set(events.map((event) => "client" in event && event.client)).size === events.length / 2;
  for (const [at, [level, order, holds]] of decidedLevels.entries()) {
    // Sessions of one transaction each ask for nothing.
    if (isOneEach && order === "session") continue;
    const result = checkers[at]!.check(history);
    const isRight = holds(explained, order);
    tally.count(result);
    if ((result.verdict === "invalid") !== isRight) continue;
    throw new Error(`${level}: ${isRight}, but ${JSON.stringify(result)}\n${textOfEvents(events)}`);
  }
}

test("list-append says what brute force says of every history of a few short transactions", () => {
  const tally = new FindingTally();
  const checkers = decidedLevels.map(([isolation]) => listAppend({ isolation }));
  const whole = listAppend();
  const ofCycles = cycleLevels.map((isolation) => listAppend({ isolation }));
  for (const events of everySmallTransactions("append", readableLists)) {
    compareLevels(events, events, checkers, tally);
    const history = buildHistory(events);
    const types = whole.check(history).stats.details!.anomalyTypes as string[];
    const plain = ["G1a", "garbage-read", "duplicate-elements"].filter((type) => types.includes(type));
    const expected = plainAnomalies(events);
    if (plain.join() !== expected.join())
      throw new Error(`expected ${expected}, found ${plain}\n${textOfEvents(events)}`);
    if (types.length === 0 || !types.every((type) => onlyCycles.test(type))) continue;
    const broken = levelsBrokenByCycles(events, "list");
    for (const [at, level] of cycleLevels.entries()) {
      const isInvalid = ofCycles[at]!.check(history).verdict === "invalid";
      if (isInvalid !== broken.has(level)) throw new Error(`${level}: ${isInvalid}\n${textOfEvents(events)}`);
    }
  }
  const types = [
    "G0",
    "G1a",
    "G1b",
    "G1c",
    "G-single-item",
    "G-nonadjacent-item",
    "G2-item",
    "lost-update",
    "internal",
    "future-read",
    "garbage-read",
    "duplicate-elements",
    "incompatible-order",
    "dirty-update",
  ];
  expect(tally.rarerThan(1, ["valid", "invalid", "unknown", ...types])).toEqual([]);
});

test("rw-register says what brute force says of every history of a few short transactions", () => {
  const tally = new FindingTally();
  const checkers = decidedLevels.map(([isolation]) => rwRegister({ isolation }));
  for (const events of everySmallTransactions("w", readableRegisters)) {
    compareLevels(events, withInitialAsNil(events), checkers, tally);
  }
  const types = [
    "G1a",
    "G1b",
    "G1c",
    "G-single-item",
    "G2-item",
    "lost-update",
    "internal",
    "future-read",
    "garbage-read",
    "no-serial-order",
    "no-snapshot-order",
  ];
  expect(tally.rarerThan(1, ["valid", "invalid", "unknown", ...types])).toEqual([]);
});
