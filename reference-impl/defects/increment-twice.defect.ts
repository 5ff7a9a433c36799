import { guardedSave, type SaveWithVersionCheck } from "../patterns/versioned-repository.ts";
import type { UserMechanisms } from "../services/user/user.service.ts";
import type { Defect } from "./defect.ts";

/** The caller has counted the version up, and the guarded UPDATE counts up once more. */
const saveTwiceCounted: SaveWithVersionCheck = async (table, entity, expectedVersion) => {
  const outcome = await guardedSave(table, entity, expectedVersion);
  if (!outcome.saved) return outcome;
  const version = outcome.version + 1;
  await table.database.updateTable(table.name).set({ version }).where("id", "=", entity.id).execute();
  return { saved: true, version };
};

/** The version rises by two at each update: a version in between was never anybody's. */
export const incrementTwice: Defect<UserMechanisms> = {
  name: "increment-twice",
  missing: "the version rises by two at each update, counted up in two places",
  needs: "one update; no fault",
  shows: [{ checker: "optimistic-lock", types: ["version-gap"] }],
  replacement: () => ({ save: saveTwiceCounted }),
};
