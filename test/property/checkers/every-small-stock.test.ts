import { expect, test } from "vitest";
import { balancedHoldings } from "../../../checkers/conservation/balanced-holdings.checker.ts";
import { conservation } from "../../../checkers/conservation/conservation.checker.ts";
import type { Json } from "../../../checkers/history/operation.ts";
import { buildHistory } from "../../support/build-history.ts";
import { isConserved } from "../../support/conservation.oracle.ts";
import type { PossibleCall } from "../../support/every-history.ts";
import { everySequence } from "../../support/every-sequence.ts";
import { FindingTally } from "../../support/finding-tally.ts";
import { holdingFindings } from "../../support/holdings.oracle.ts";
import { callOfThird, compareStates, numbered, type StateSubject } from "../../support/small-states.ts";

const move = (f: string, quantity: number): PossibleCall => ({
  f,
  value: { quantity },
  ends: [["ok"], ["fail"]],
});
const amounts = (stock: number, reserved: number, shipped: number): Json => ({ stock, reserved, shipped });

const subject: StateSubject = {
  name: "conservation of a stock",
  checker: conservation({ refusalCodes: [] }),
  begun: numbered(callOfThird("create", amounts(2, 0, 0), undefined)),
  calls: [
    move("reserve", 1),
    move("ship", 1),
    { f: "restock", value: { quantity: 2 }, ends: [["ok"]] },
    { f: "read", ends: [amounts(1, 1, 1), amounts(3, 0, -1)].map((value) => ["ok", value] as const) },
  ],
  length: 7,
  shown: [amounts(2, 0, 0), amounts(1, 1, 0), amounts(1, 0, 1), amounts(4, 0, 0), amounts(1, 0, 0)],
  isRight: isConserved,
  types: [
    "negative-amount",
    "sum-changed",
    "effect-lost",
    "effect-repeated",
    "refused-effect",
    "amounts-unexplained",
  ],
};

test("conservation says what brute force says of every history of two clients and a final read", () => {
  expect(compareStates(subject).rarerThan(10, ["valid", "invalid", "unknown", ...subject.types])).toEqual([]);
});

test("balanced-holdings says what counting says of every sequence of up to four records", () => {
  const amountsOf = { holding: [0, 2, -1, 1.5], due: [0, 1, 2, null] };
  const record = (f: string, key: string, amount: Json, final: boolean) => {
    return { type: "record", f, key, node: "a", value: { amount }, ...(final ? { final } : {}) };
  };
  const lines = [
    ...(["holding", "due"] as const).flatMap((f) =>
      amountsOf[f].map((amount) => record(f, "money", amount, true)),
    ),
    record("holding", "pieces", 1, true),
    record("due", "pieces", -1, true),
    record("due", "pieces", 1, true),
    record("holding", "money", 1, false),
  ];
  const tally = new FindingTally();
  const checker = balancedHoldings({ maxAnomalies: 1000 });
  for (const sequence of everySequence(lines, 4)) {
    const events = numbered(sequence);
    const result = checker.check(buildHistory(events));
    const { found, isOpen } = holdingFindings(events);
    const names = result.anomalies.map(({ type, key, operations }) =>
      type === "negative-holding" ? `${type} ${key} ${operations[0]}` : `${type} ${key}`,
    );
    tally.compare(events, result, names, found);
    if (found.length === 0) expect(result.verdict).toBe(isOpen ? "unknown" : "valid");
  }
  const names = ["valid", "invalid", "unknown", "negative-holding", "holdings-not-conserved"];
  expect(tally.rarerThan(50, names)).toEqual([]);
});
