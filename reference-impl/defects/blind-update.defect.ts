import type { SaveWithVersionCheck } from "../patterns/versioned-repository.ts";
import type { UserMechanisms } from "../services/user/user.service.ts";
import type { Defect } from "./defect.ts";

/** Writes without looking at what was read; the store counts the version up all by itself. */
const blindSave: SaveWithVersionCheck = async (table, entity) => {
  const row = await table.database
    .updateTable(table.name)
    .set((eb) => ({ ...entity, version: eb("version", "+", 1) }))
    .where("id", "=", entity.id)
    .returning("version")
    .executeTakeFirst();
  return row === undefined ? { saved: false, currentVersion: null } : { saved: true, version: row.version };
};

/** The version that the caller read is not compared with the stored one. */
export const blindUpdate: Defect<UserMechanisms> = {
  name: "blind-update",
  missing: "the version that the caller read is not compared with the stored one",
  needs: "two clients that update one profile from the same version; no fault",
  shows: [
    { checker: "optimistic-lock", types: ["lost-update", "stale-accept", "two-winners"] },
    { checker: "rw-register", types: ["lost-update"] },
  ],
  replacement: () => ({ save: blindSave }),
};
