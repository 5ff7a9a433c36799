import { expect, test } from "vitest";
import { FormTally } from "../../../harness/record/form-tally.ts";
import { judgeSuite } from "../../../harness/record/judge-suite.ts";
import type { RunRecord } from "../../../harness/record/run-record.ts";

const anomaly = (type: string) => ({ type, operations: [1] as [number], proof: "p" });

function record(seed: number, verdict: RunRecord["verdict"], types: string[] = []): RunRecord {
  return {
    scenario: "s",
    form: "f",
    lane: "sim",
    seed,
    verdict,
    failure: null,
    checkers: [
      {
        checker: "c",
        verdict,
        reason: verdict === "unknown" ? "too little" : null,
        anomalies: types.map(anomaly),
        operations: 3,
      },
    ],
    operations: 4,
    faults: 1,
    historyHash: "h",
    eventLogHash: "e",
    virtualMs: 1,
  };
}

function tally(expects: string[], runs: number, records: RunRecord[]): FormTally {
  const result = new FormTally({ scenario: "s", form: "f", expects, runs }, 10);
  for (const entry of records) result.add(entry);
  return result;
}

const judge = (...args: Parameters<typeof tally>) => tally(...args).summary(null, "t").judgement;

test("a hardened form is as expected only when every run is there and valid", () => {
  expect(judge([], 2, [record(10, "valid"), record(11, "valid")])).toBe("as-expected");
  expect(judge([], 2, [record(10, "valid")])).toBe("unknown");
  expect(judge([], 2, [record(10, "valid"), record(11, "unknown")])).toBe("unknown");
  expect(judge([], 2, [record(10, "invalid", ["x"]), record(11, "unknown")])).toBe("anomaly");
  expect(judge([], 0, [])).toBe("unknown");
});

test("a defect is caught only by an anomaly that it declares", () => {
  expect(judge(["c/x"], 2, [record(10, "valid"), record(11, "invalid", ["x"])])).toBe("as-expected");
  expect(judge(["c/x"], 2, [record(10, "valid"), record(11, "invalid", ["y"])])).toBe("got-away");
  expect(judge(["other/x"], 1, [record(10, "invalid", ["x"])])).toBe("got-away");
  expect(judge(["c/x"], 3, [record(10, "valid")])).toBe("unknown");
});

const flaws = [
  { flaw: "loses updates", expects: ["c/x"] },
  { flaw: "repeats effects", expects: ["c/y", "c/z"] },
];
const seen = (seed: number, ...positions: number[]): RunRecord => ({
  ...record(seed, positions.length === 0 ? "valid" : "invalid", ["x"]),
  flaws: positions,
});
function withFlaws(runs: number, records: RunRecord[]) {
  const expects = flaws.flatMap((flaw) => flaw.expects);
  const result = new FormTally({ scenario: "s", form: "f", expects, flaws, runs }, 10);
  for (const entry of records) result.add(entry);
  return result;
}

test("a form with a list of flaws is caught only when each of them was found, in whatever runs", () => {
  const judged = (...records: RunRecord[]) => withFlaws(3, records).summary(null, "t").judgement;
  expect(judged(seen(10, 0), seen(11), seen(12, 1))).toBe("as-expected");
  expect(judged(seen(10, 0, 1))).toBe("as-expected");
  expect(judged(seen(10, 0), seen(11, 0), seen(12, 0))).toBe("got-away");
  expect(judged(seen(10, 0), seen(11, 0))).toBe("unknown");
  expect(withFlaws(3, [seen(10, 0)]).caught).toBe(false);
  expect(withFlaws(3, [seen(10, 0), seen(11, 1)]).caught).toBe(true);
});

test("an anomaly of a declared type is no flaw found unless the run says so", () => {
  const runs = [10, 11, 12].map((seed) => ({ ...record(seed, "invalid", ["x", "y"]), flaws: [] }));
  expect(withFlaws(3, runs).summary(null, "t").judgement).toBe("got-away");
});

test("each flaw is told with how often and where it was found first", () => {
  const found = withFlaws(4, [seen(13, 1), seen(12, 0, 1), seen(10), seen(11, 0)]).summary(null, "t").flaws;
  expect(found).toEqual([
    { ...flaws[0], runs: 2, firstRun: 2, firstSeed: 11 },
    { ...flaws[1], runs: 2, firstRun: 3, firstSeed: 12 },
  ]);
  const missed = withFlaws(1, [seen(10, 0)]).summary(null, "t").flaws?.[1];
  expect(missed).toEqual({ ...flaws[1], runs: 0, firstRun: null, firstSeed: null });
  expect(tally([], 1, [record(10, "valid")]).summary(null, "t")).not.toHaveProperty("flaws");
});

test("in the real lane one flaw is enough, and the others are told as not found", () => {
  const real = [
    { ...seen(31), lane: "real" as const },
    { ...seen(12, 1), lane: "real" as const },
  ];
  const { judgement, flaws: found } = withFlaws(8, real).summary(null, "t");
  expect(judgement).toBe("as-expected");
  expect(found?.map(({ runs, firstRun }) => [runs, firstRun])).toEqual([
    [0, null],
    [1, 2],
  ]);
  expect(withFlaws(1, [{ ...seen(31), lane: "real" }]).summary(null, "t").judgement).toBe("got-away");
});

test("a failure of the harness is no pass, and no excuse for an anomaly", () => {
  const failed = { ...record(11, "unknown"), failure: { code: "boom", message: "m" } };
  expect(judge([], 2, [record(10, "valid"), failed])).toBe("failed");
  expect(judge([], 2, [record(10, "invalid", ["x"]), failed])).toBe("anomaly");
  expect(judge(["c/x"], 2, [record(10, "invalid", ["x"]), failed])).toBe("failed");
});

test("the order in which runs finish does not matter, and one that comes twice counts once", () => {
  const records = [record(12, "invalid", ["x", "x"]), record(10, "valid"), record(11, "invalid", ["y"])];
  const forward = tally([], 3, records).summary(null, null);
  expect(tally([], 3, [...records, ...records].reverse()).summary(null, null)).toEqual(forward);
  expect(forward).toMatchObject({
    seeds: 3,
    valid: 1,
    invalid: 2,
    operations: 12,
    seedsToFirstAnomaly: 2,
    anomalies: [
      { checker: "c", type: "x", count: 1 },
      { checker: "c", type: "y", count: 1 },
    ],
  });
});

test("stories are sought where the declared anomaly was seen", () => {
  const records = [record(10, "invalid", ["y"]), record(11, "invalid", ["x"])];
  expect(tally(["c/x"], 2, records).failingSeeds()).toEqual([11]);
  expect(tally(["c/z"], 2, records).failingSeeds()).toEqual([10, 11]);
});

test("a suite is valid when every form did as expected; one form is judged by its runs", () => {
  const hardened = tally([], 1, [record(10, "valid")]).summary(null, null);
  const caught = tally(["c/x"], 1, [record(10, "invalid", ["x"])]).summary(null, null);
  const missed = tally(["c/x"], 1, [record(10, "valid")]).summary(null, null);
  expect(judgeSuite([hardened, caught], false, true)).toBe("valid");
  expect(judgeSuite([hardened, caught], false, false)).toBe("unknown");
  expect(judgeSuite([hardened, missed], false, true)).toBe("invalid");
  expect(judgeSuite([caught], true, true)).toBe("invalid");
  expect(judgeSuite([missed], true, true)).toBe("valid");
  expect(judgeSuite([], false, true)).toBe("unknown");
});

test("the first anomaly is told by its seed in simulation, and by its turn where seeds were chosen", () => {
  const at = (lane: RunRecord["lane"]) =>
    tally(["c/x"], 3, [
      { ...record(31, "valid"), lane },
      { ...record(12, "invalid", ["x"]), lane },
    ]).summary(null, "t").seedsToFirstAnomaly;
  expect(at("sim")).toBe(3);
  expect(at("real")).toBe(2);
});

test("where there is no story the token is of a run that failed, else of one that cannot tell, else of the first", () => {
  const failure = { code: "unexpected-error", message: "m" };
  const failed: RunRecord = { ...record(13, "unknown"), failure };
  const runs = [record(10, "valid"), record(12, "unknown"), record(11, "valid")];
  expect(tally([], 4, [...runs, failed]).telling()?.seed).toBe(13);
  expect(tally([], 4, runs).telling()?.seed).toBe(12);
  expect(tally(["c/x"], 4, runs).telling()?.seed).toBe(10);
  expect(tally(["c/x"], 4, [...runs, failed]).telling()?.seed).toBe(13);
  expect(tally([], 4, []).telling()).toBeNull();
});

test("each reason of runs that cannot tell is counted, the commonest first", () => {
  const because = (seed: number, reason: string): RunRecord => {
    const run = record(seed, "unknown");
    return { ...run, checkers: run.checkers.map((checker) => ({ ...checker, reason })) };
  };
  const runs = [because(10, "rare"), because(11, "common"), record(12, "valid"), because(13, "common")];
  const summary = tally([], 4, runs).summary(null, "t");
  expect(summary.reasonCounts).toEqual([
    { reason: "c: common", runs: 2 },
    { reason: "c: rare", runs: 1 },
  ]);
  expect(summary.reasons).toEqual(["c: common", "c: rare"]);
});
