import { expect, test } from "vitest";
import {
  createPositionTable,
  notePosition,
  type PositionTables,
  readPositions,
} from "../../../../reference-impl/patterns/stream-positions.ts";
import { withDatabase } from "../../../support/reference-impl/simulated-database.ts";

test("a position goes forward and never back, each stream by itself", async () => {
  await withDatabase<PositionTables, void>(createPositionTable, async ({ database }) => {
    await notePosition(database, "a", 2);
    await notePosition(database, "b", 1);
    await notePosition(database, "a", 1);
    expect(await readPositions(database)).toEqual({ a: 2, b: 1 });
    await notePosition(database, "a", 3);
    expect(await readPositions(database)).toEqual({ a: 3, b: 1 });
  });
});
