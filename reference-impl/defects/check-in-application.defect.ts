import { currentVersion, type SaveWithVersionCheck } from "../patterns/versioned-repository.ts";
import type { UserMechanisms } from "../services/user/user.service.ts";
import type { Defect } from "./defect.ts";

/** Reads the version, compares it in memory, then writes: between the two another request may write. */
const checkThenWrite: SaveWithVersionCheck = async (table, entity, expectedVersion) => {
  const stored = await currentVersion(table, entity.id);
  if (stored !== expectedVersion) return { saved: false, currentVersion: stored };
  const version = expectedVersion + 1;
  await table.database
    .updateTable(table.name)
    .set({ ...entity, version })
    .where("id", "=", entity.id)
    .execute();
  return { saved: true, version };
};

/** The UPDATE is not guarded by the version: the comparison is a step of its own before it. */
export const checkInApplication: Defect<UserMechanisms> = {
  name: "check-in-application",
  missing: "the UPDATE is not guarded by the version: the comparison is a step of its own before it",
  needs: "two clients whose updates from one version are under way at the same time; no fault",
  shows: [{ checker: "optimistic-lock", types: ["two-winners", "lost-update", "version-reused"] }],
  replacement: () => ({ save: checkThenWrite }),
};
