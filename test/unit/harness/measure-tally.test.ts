import * as v from "valibot";
import { describe, expect, test } from "vitest";
import type { Measure } from "../../../checkers/measure.ts";
import { boundedMeasures } from "../../../harness/record/bounded-measures.ts";
import { FormTally } from "../../../harness/record/form-tally.ts";
import type { RunRecord } from "../../../harness/record/run-record.ts";
import { spreadOf } from "../../../harness/record/value-spread.ts";
import { recordSchema } from "../../../harness/run/run-folder-schemas.ts";

const lag = (value: number): Measure => ({ name: "longest lag", unit: "ms", value, worse: "high" });
const served = (value: number, of: string): Measure => {
  return { name: "part served during pause", of, unit: "part", value, worse: "low" };
};

function record(seed: number, measures: readonly Measure[], checker = "c"): RunRecord {
  return {
    scenario: "s",
    form: "f",
    lane: "sim",
    seed,
    verdict: "valid",
    failure: null,
    checkers: [{ checker, verdict: "valid", reason: null, anomalies: [], operations: 3, measures }],
    operations: 4,
    faults: 1,
    historyHash: `h${seed}`,
    eventLogHash: "e",
    virtualMs: 1,
  };
}

function tallied(records: readonly RunRecord[]) {
  const tally = new FormTally({ scenario: "s", form: "f", expects: [], runs: records.length }, 10);
  for (const entry of records) tally.add(entry);
  const { measures, measuresOmitted } = tally.summary(null, null, ({ historyHash }) => `flt1_${historyHash}`);
  return { measures, measuresOmitted };
}

describe("the tally of measures", () => {
  test("tells median, 95th percentile, worst, and the run of the worst with its token", () => {
    const records = Array.from({ length: 100 }, (_, at) => record(10 + at, [lag((at * 37) % 100)]));
    expect(tallied(records).measures).toMatchObject([
      { checker: "c", measure: "longest lag", unit: "ms", worse: "high", runs: 100, values: 100 },
    ]);
    const [row] = tallied(records).measures ?? [];
    expect([row?.median, row?.p95, row?.worst]).toEqual([49, 94, 99]);
    const worst = records.find(({ checkers }) => checkers[0]?.measures?.[0]?.value === 99);
    expect([row?.worstSeed, row?.worstToken]).toEqual([worst?.seed, `flt1_${worst?.historyHash}`]);
  });

  test("does not depend on the order in which runs finish; of equals the lowest seed is the worst", () => {
    const records = [3, 9, 9, 1].map((value, at) => record(10 + at, [lag(value)]));
    expect(tallied([...records, ...records].reverse())).toEqual(tallied(records));
    expect(tallied(records).measures).toMatchObject([{ values: 4, worst: 9, worstSeed: 11 }]);
  });

  test("where less is worse the percentile and the worst lie at the low end", () => {
    const parts = [1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1];
    const records = parts.map((value, at) => record(10 + at, [served(value, "fault 0 on a")]));
    expect(tallied(records).measures).toMatchObject([
      { median: 0.6, p95: 0.1, worst: 0.1, worstSeed: 19, worstOf: "fault 0 on a" },
    ]);
  });

  test("several of a name in one run are put together, and the worst tells which it was", () => {
    const records = [
      record(10, [served(1, "fault 0 on a"), served(0.25, "fault 1 on b")]),
      record(11, [lag(5)]),
    ];
    expect(tallied(records).measures).toMatchObject([
      { measure: "longest lag", runs: 1, values: 1 },
      { measure: "part served during pause", runs: 1, values: 2, worst: 0.25, worstOf: "fault 1 on b" },
    ]);
  });

  test("checkers and units are kept apart, and a summary lists at most 100", () => {
    const events: Measure = { ...lag(7), unit: "events" };
    const two = [record(10, [lag(1), events]), record(11, [lag(2)], "d")];
    expect(tallied(two).measures?.map(({ checker, unit, values }) => [checker, unit, values])).toEqual([
      ["c", "ms", 1],
      ["c", "events", 1],
      ["d", "ms", 1],
    ]);
    const names = Array.from({ length: 60 }, (_, at) => ({ ...lag(at), name: `lag ${at}` }));
    const many = tallied([record(10, names), record(11, names, "d")]);
    expect([many.measures?.length, many.measuresOmitted]).toEqual([100, 20]);
  });

  test("nothing measured: nothing told", () => {
    expect(tallied([record(10, [])])).toEqual({ measures: undefined, measuresOmitted: undefined });
  });
});

describe("the measures that a record keeps", () => {
  test("are all of a few, and at most 64, those that are there once before the others", () => {
    expect(boundedMeasures(undefined)).toEqual({});
    expect(boundedMeasures([lag(1)])).toEqual({ measures: [lag(1)] });
    const many = Array.from({ length: 80 }, (_, at) => served(0, `fault ${at} on a`));
    const { measures, measuresOmitted } = boundedMeasures([...many, lag(1)]);
    expect([measures?.length, measures?.[0], measuresOmitted]).toEqual([64, lag(1), 17]);
  });

  test("are numbers that JSON can hold", () => {
    expect(boundedMeasures([lag(Number.NaN), lag(2)])).toEqual({ measures: [lag(2)], measuresOmitted: 1 });
  });
});

describe("the reader of run folders", () => {
  test("takes records with measures and, from before there were any, without; not those that are damaged", () => {
    const isRead = (entry: unknown) => v.is(recordSchema, JSON.parse(JSON.stringify(entry)));
    const { checkers, ...rest } = record(10, [lag(3), served(0.5, "fault 0 on a")]);
    expect(isRead({ ...rest, checkers })).toBe(true);
    expect(isRead({ ...rest, checkers: checkers.map(({ measures: _, ...checker }) => checker) })).toBe(true);
    for (const damaged of [{ unit: "hours" }, { value: "3" }, { worse: "left" }, { name: null }]) {
      const measures = [{ ...lag(3), ...damaged }];
      expect(isRead({ ...rest, checkers: checkers.map((checker) => ({ ...checker, measures })) })).toBe(
        false,
      );
    }
  });
});

describe("a spread", () => {
  const spread = (values: readonly number[], unit: Measure["unit"]) =>
    spreadOf(Float64Array.from(values).sort(), unit);

  test("counts in steps that do not depend on the values", () => {
    expect(spread([0, 0.4, 3, 5, 5.1, 40], "ms")).toEqual([
      { upTo: 0, values: 1 },
      { upTo: 1, values: 1 },
      { upTo: 2, values: 0 },
      { upTo: 5, values: 2 },
      { upTo: 10, values: 1 },
      { upTo: 20, values: 0 },
      { upTo: 50, values: 1 },
    ]);
    const parts = spread([0, 0.75, 1, 1], "part");
    expect(parts.map(({ values }) => values)).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 2]);
    expect(parts[8]?.upTo).toBe(0.8);
  });

  test("has at most 20 steps and loses no value", () => {
    for (const values of [[0, 1e9], [1e-9, 1e15], [7], [1e300, 1], [0, 0.5, 2, Number.MAX_VALUE]]) {
      const steps = spread(values, "count");
      expect(steps.length).toBeLessThanOrEqual(20);
      expect(steps.reduce((sum, step) => sum + step.values, 0)).toBe(values.length);
      for (const { upTo } of steps) expect(Number.isFinite(upTo)).toBe(true);
    }
  });
});
