import { describe, expect, test } from "vitest";
import {
  createFenceTable,
  type FenceTables,
  passFence,
} from "../../../../reference-impl/patterns/fenced-store.ts";
import { withDatabase } from "../../../support/reference-impl/simulated-database.ts";

describe("a fence", () => {
  test("lets the newest token pass, again and again, and none that is older or missing", () =>
    withDatabase<FenceTables, void>(createFenceTable, async ({ database }) => {
      const pass = (token: number | null, resource = "report") => passFence(database, resource, token);
      expect(await pass(null)).toBe(false);
      expect(await pass(9)).toBe(true);
      expect(await pass(9)).toBe(true);
      expect(await pass(8)).toBe(false);
      // As numbers, not as texts.
      expect(await pass(10)).toBe(true);
      expect(await pass(9)).toBe(false);
      expect(await pass(1, "another report")).toBe(true);
    }));

  test("holds an old token that waits against the new one that it waited for", () =>
    withDatabase<FenceTables, void>(createFenceTable, async ({ database, context }) => {
      await passFence(database, "report", 1);
      const newer = await database.startTransaction().execute();
      expect(await passFence(newer, "report", 2)).toBe(true);
      const older = passFence(database, "report", 1);
      await context.clock.sleep(20);
      await newer.commit().execute();
      expect(await older).toBe(false);
    }));

  test("forgets a token whose write was rolled back", () =>
    withDatabase<FenceTables, void>(createFenceTable, async ({ database }) => {
      const failing = await database.startTransaction().execute();
      expect(await passFence(failing, "report", 5)).toBe(true);
      await failing.rollback().execute();
      expect(await passFence(database, "report", 4)).toBe(true);
    }));
});
