import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RealLane } from "../../support/postgres/real-lane.ts";
import { type RealPostgres, startRealPostgres } from "../../support/postgres/real-postgres.ts";
import type { Level } from "../../support/postgres/schedule.ts";
import { sweepSchedules } from "../../support/postgres/sweep-schedules.ts";

// The long comparison (`npm run test:model`). MODEL_COUNT schedules of each level from MODEL_SEED on;
// MODEL_LEVEL chooses one level.

const count = Number(process.env.MODEL_COUNT ?? 2000);
const firstSeed = Number(process.env.MODEL_SEED ?? 0);
const chosen = process.env.MODEL_LEVEL;
const levels: readonly (Level | "mixed")[] = ["read committed", "repeatable read", "mixed", "serializable"];

let postgres: RealPostgres;

beforeAll(async () => {
  postgres = await startRealPostgres();
});

afterAll(async () => {
  await postgres?.[Symbol.asyncDispose]();
});

describe.concurrent("random schedules on the model and on PostgreSQL", () => {
  for (const level of levels.filter((name) => chosen === undefined || chosen === name)) {
    test(level, async () => {
      await using lane = await RealLane.open(postgres.connectionString, `sweep_${level.replace(" ", "_")}`);
      const progress = (line: string): void => {
        process.stdout.write(`${line}\n`);
      };
      const result = await sweepSchedules(lane, level, firstSeed, count, progress);
      progress(
        `${level}: ${result.schedules} schedules, ${result.mismatches.length} mismatches, ${result.extraAborts} extra aborts`,
      );
      expect(result.mismatches.join("\n\n")).toBe("");
    });
  }
});
