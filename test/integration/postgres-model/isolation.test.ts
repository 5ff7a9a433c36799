import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compareExactly, compareOneSided } from "../../support/postgres/compare-lanes.ts";
import { hermitageCases } from "../../support/postgres/hermitage-cases.ts";
import { RealLane } from "../../support/postgres/real-lane.ts";
import { type RealPostgres, startRealPostgres } from "../../support/postgres/real-postgres.ts";
import { sweepSchedules } from "../../support/postgres/sweep-schedules.ts";

// The model against a real PostgreSQL 18: the same Kysely program on both, compared step by step.

let postgres: RealPostgres;
let lane: RealLane;

beforeAll(async () => {
  postgres = await startRealPostgres();
  lane = await RealLane.open(postgres.connectionString, "isolation");
});

afterAll(async () => {
  await lane?.[Symbol.asyncDispose]();
  await postgres?.[Symbol.asyncDispose]();
});

describe("the Hermitage cases give what PostgreSQL gives", () => {
  for (const level of ["read committed", "repeatable read", "serializable"] as const) {
    for (const schedule of hermitageCases(level)) {
      test(schedule.name, async () => {
        const comparison = await compareExactly(schedule, await lane.run(schedule));
        expect(comparison).toEqual({ kind: "same" });
      });
    }
  }
});

describe("random schedules give what PostgreSQL gives", () => {
  for (const level of ["read committed", "repeatable read", "mixed"] as const) {
    test(level, async () => {
      const { mismatches } = await sweepSchedules(lane, level, 1_000_000, 60, () => {});
      expect(mismatches.join("\n\n")).toBe("");
    });
  }

  test("serializable: nothing commits that PostgreSQL forbids", async () => {
    const { mismatches } = await sweepSchedules(lane, "serializable", 1_000_000, 60, () => {});
    expect(mismatches.join("\n\n")).toBe("");
  });
});

test("a comparison that cannot match is reported with the whole schedule", async () => {
  const [schedule] = hermitageCases("read committed");
  if (schedule === undefined) throw new Error("no case");
  const comparison = await compareOneSided(schedule, ["something else"]);
  expect(comparison.kind).toBe("mismatch");
  expect(comparison.kind === "mismatch" && comparison.report).toContain("schedule G0, read committed");
});
