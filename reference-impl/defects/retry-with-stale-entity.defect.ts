import { guardedSave, type SaveWithVersionCheck } from "../patterns/versioned-repository.ts";
import type { UserMechanisms } from "../services/user/user.service.ts";
import type { Defect } from "./defect.ts";

/** On a conflict takes the stored version for the expected one, and saves the same entity again. */
const stubbornSave: SaveWithVersionCheck = async (table, entity, expectedVersion) => {
  let outcome = await guardedSave(table, entity, expectedVersion);
  while (!outcome.saved && outcome.currentVersion !== null) {
    outcome = await guardedSave(table, entity, outcome.currentVersion);
  }
  return outcome;
};

/** A conflict is retried with the entity that was made from the old version, over the newer one. */
export const retryWithStaleEntity: Defect<UserMechanisms> = {
  name: "retry-with-stale-entity",
  missing: "a conflict is retried with the entity that was made from the old version, over the newer one",
  needs: "two clients that update one profile from the same version; no fault",
  shows: [{ checker: "optimistic-lock", types: ["lost-update", "stale-accept", "two-winners"] }],
  replacement: () => ({ save: stubbornSave }),
};
