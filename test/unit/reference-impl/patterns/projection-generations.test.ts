import { describe, expect, test } from "vitest";
import {
  maintained,
  ProjectionGenerations,
} from "../../../../reference-impl/patterns/projection-generations.ts";
import { withDocuments } from "../../../support/reference-impl/simulated-documents.ts";

async function rebuild(generations: ProjectionGenerations): Promise<void> {
  const known = await generations.load();
  await generations.begin(known);
  await generations.finish(known.live + 1);
}

describe("a read of what is shown", () => {
  test.each([
    [0, [1]],
    [1, [1]],
    [2, [1, 3]],
    [4, [1, 5]],
  ])("during %d rebuilds is made in the generations %j", (rebuilds, expected) =>
    withDocuments(async (database) => {
      const generations = new ProjectionGenerations(database, "views");
      await generations.create();
      const read: number[] = [];
      const found = await generations.readShown(async (generation) => {
        read.push(generation);
        if (read.length === 1) for (let n = 0; n < rebuilds; n++) await rebuild(generations);
        return `of ${generation}`;
      });
      expect(read).toEqual(expected);
      expect(found).toBe(`of ${expected.at(-1)}`);
    }),
  );

  test("is made once more each time that what it read was given up", () =>
    withDocuments(async (database) => {
      const generations = new ProjectionGenerations(database, "views");
      await generations.create();
      const read: number[] = [];
      await generations.readShown(async (generation) => {
        read.push(generation);
        if (read.length > 2) return;
        await rebuild(generations);
        await rebuild(generations);
      });
      expect(read).toEqual([1, 3, 5]);
    }));

  test("that fails, fails", () =>
    withDocuments(async (database) => {
      const generations = new ProjectionGenerations(database, "views");
      await generations.create();
      const failing = generations.readShown(() => Promise.reject(new Error("no answer")));
      await expect(failing).rejects.toThrow("no answer");
    }));
});

test("a message is applied to the newest generation first", () => {
  expect(maintained({ oldest: 2, live: 3, newest: 4 })).toEqual([4, 3, 2]);
});
