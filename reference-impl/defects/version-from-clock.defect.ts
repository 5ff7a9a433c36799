import { currentVersion, type SaveWithVersionCheck } from "../patterns/versioned-repository.ts";
import type { UserMechanisms } from "../services/user/user.service.ts";
import type { Defect } from "./defect.ts";

/** The guarded UPDATE, with the time of day (in seconds, as many a column has it) for a version. */
const saveWithClockVersion: SaveWithVersionCheck = async (table, entity, expectedVersion) => {
  const version = Math.floor(table.clock.nowMs() / 1000);
  const result = await table.database
    .updateTable(table.name)
    .set({ ...entity, version })
    .where("id", "=", entity.id)
    .where("version", "=", expectedVersion)
    .executeTakeFirst();
  if (result.numUpdatedRows === 1n) return { saved: true, version };
  return { saved: false, currentVersion: await currentVersion(table, entity.id) };
};

/** The next version is read off a clock: two updates within its resolution share a version. */
export const versionFromClock: Defect<UserMechanisms> = {
  name: "version-from-clock",
  missing: "the next version is read off a clock instead of being the last one plus one",
  needs: "one update; two within a second to see a version twice; no fault",
  shows: [{ checker: "optimistic-lock", types: ["version-gap", "version-reused", "two-winners"] }],
  replacement: () => ({ save: saveWithClockVersion }),
};
