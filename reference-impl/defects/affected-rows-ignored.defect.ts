import type { SaveWithVersionCheck } from "../patterns/versioned-repository.ts";
import type { UserMechanisms } from "../services/user/user.service.ts";
import type { Defect } from "./defect.ts";

/** The guarded UPDATE, believed to have worked. */
const trustingSave: SaveWithVersionCheck = async (table, entity, expectedVersion) => {
  const version = expectedVersion + 1;
  await table.database
    .updateTable(table.name)
    .set({ ...entity, version })
    .where("id", "=", entity.id)
    .where("version", "=", expectedVersion)
    .execute();
  return { saved: true, version };
};

/** Nobody looks at how many rows the guarded UPDATE changed: a conflict is reported as success. */
export const affectedRowsIgnored: Defect<UserMechanisms> = {
  name: "affected-rows-ignored",
  missing: "nobody looks at how many rows the guarded UPDATE changed: a conflict is reported as success",
  needs: "two clients that update one profile from the same version; no fault",
  shows: [{ checker: "optimistic-lock", types: ["two-winners", "lost-update", "stale-accept"] }],
  replacement: () => ({ save: trustingSave }),
};
