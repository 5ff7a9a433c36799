import type { Kysely } from "kysely";
import { describe, expect, test } from "vitest";
import {
  currentVersion,
  guardedSave,
  type VersionedRow,
  versionedTable,
} from "../../../../reference-impl/patterns/versioned-repository.ts";
import { withDatabase } from "../../../support/reference-impl/simulated-database.ts";

interface Tables {
  notes: VersionedRow & { text: string };
}

async function createNotes(database: Kysely<unknown>): Promise<void> {
  await database.schema
    .createTable("notes")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("version", "integer", (column) => column.notNull())
    .addColumn("text", "text", (column) => column.notNull())
    .execute();
}

describe("a save with a version check", () => {
  test("stores the next version, and refuses every other one with the version that is there", () =>
    withDatabase<Tables, void>(createNotes, async ({ database, context }) => {
      await database.insertInto("notes").values({ id: "a", version: 1, text: "one" }).execute();
      const table = versionedTable(database, "notes", context.clock);
      const save = (text: string, expected: number) =>
        guardedSave(table, { id: "a", text } as never, expected);
      expect(await save("two", 1)).toEqual({ saved: true, version: 2 });
      expect(await save("late", 1)).toEqual({ saved: false, currentVersion: 2 });
      expect(await save("early", 3)).toEqual({ saved: false, currentVersion: 2 });
      expect(await database.selectFrom("notes").selectAll().execute()).toEqual([
        { id: "a", version: 2, text: "two" },
      ]);
    }));

  test("makes nothing where there is nothing", () =>
    withDatabase<Tables, void>(createNotes, async ({ database, context }) => {
      const table = versionedTable(database, "notes", context.clock);
      expect(await guardedSave(table, { id: "b" }, 0)).toEqual({ saved: false, currentVersion: null });
      expect(await currentVersion(table, "b")).toBeNull();
    }));

  test("lets one of two that come at once through", () =>
    withDatabase<Tables, void>(createNotes, async ({ database, context }) => {
      await database.insertInto("notes").values({ id: "a", version: 1, text: "one" }).execute();
      const table = versionedTable(database, "notes", context.clock);
      const outcomes = await Promise.all(
        ["left", "right"].map((text) => guardedSave(table, { id: "a", text } as never, 1)),
      );
      expect(outcomes.map(({ saved }) => saved).sort()).toEqual([false, true]);
      expect(await currentVersion(table, "a")).toBe(2);
    }));
});
