import { expect, test } from "vitest";
import type { HistoryEvent, Json } from "../../../checkers/history/operation.ts";
import { rwRegister } from "../../../checkers/transactions/rw-register.checker.ts";
import type { MicroOperation } from "../../support/every-transaction.ts";
import { FindingTally } from "../../support/finding-tally.ts";
import { compareLevels, decidedLevels, everySmallTransactions } from "../../support/small-transactions.ts";

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

test("rw-register says what brute force says of every history of a few short transactions", () => {
  const tally = new FindingTally();
  const checkers = decidedLevels.map(([isolation]) => rwRegister({ isolation, maxAnomalies: 1 }));
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
