import fc from "fast-check";
import { expect, it } from "vitest";
import { VersionRows } from "../../../checkers/event-streams/version-rows.ts";

it("answers as a map does, in whatever order versions come", () => {
  const version = fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 2 ** 40 }));
  fc.assert(
    fc.property(fc.array(version), (versions) => {
      const rows = new VersionRows();
      const expected = new Map<number, number>();
      for (const [row, added] of versions.entries()) {
        expect(rows.get(added)).toBe(expected.get(added));
        if (expected.has(added)) continue;
        rows.add(added, row);
        expected.set(added, row);
      }
      for (let asked = 0; asked < 10; asked++) expect(rows.get(asked)).toBe(expected.get(asked));
      expect(rows.rising()).toEqual([...expected.keys()].sort((a, b) => a - b));
    }),
  );
});
