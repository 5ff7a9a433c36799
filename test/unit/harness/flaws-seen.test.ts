import { expect, test } from "vitest";
import type { CheckerRecord } from "../../../harness/record/run-record.ts";
import { flawsSeen } from "../../../harness/run/flaws-seen.ts";
import type { Flaw, Form } from "../../../harness/run/scenario.ts";

const form = (flaws?: readonly Flaw[]): Form => ({
  name: "textbook",
  summary: "s",
  needs: "n",
  expects: [],
  ...(flaws === undefined ? {} : { flaws }),
  system: () => ({ stores: [], services: [] }),
});
const anomaly = (type: string, key: string) => ({ type, key, operations: [1] as [number], proof: "p" });
const checkers: CheckerRecord[] = [
  {
    checker: "c",
    verdict: "invalid",
    reason: null,
    anomalies: [anomaly("x", "a"), anomaly("x", "b")],
    operations: 3,
  },
  { checker: "d", verdict: "valid", reason: null, anomalies: [], operations: 3 },
];

test("a flaw is seen by any of its types, at its own checker only", () => {
  const flaws: Flaw[] = [
    { flaw: "0", checker: "c", types: ["w", "x"] },
    { flaw: "1", checker: "d", types: ["x"] },
    { flaw: "2", checker: "c", types: ["y"] },
    { flaw: "3", checker: "absent", types: ["x"] },
  ];
  expect(flawsSeen(form(flaws), checkers, [])).toEqual({ flaws: [0] });
  expect(flawsSeen(form(), checkers, [])).toEqual({});
});

test("where several flaws show one anomaly, each says by anomaly and events which are its own", () => {
  const events = [{ index: 0, time: 0, type: "phase", phase: "load" }] as const;
  const told: unknown[] = [];
  const of = (key: string): Flaw => ({
    flaw: key,
    checker: "c",
    types: ["x"],
    isSeenIn: (found, run) => {
      told.push(run);
      return found.key === key;
    },
  });
  expect(flawsSeen(form([of("b"), of("z"), of("a")]), checkers, events)).toEqual({ flaws: [0, 2] });
  expect(told.every((run) => run === events)).toBe(true);
});
