import type { SystemDefinition } from "../../harness/run/system.ts";
import type { Defect } from "../defects/defect.ts";
import { hardenedUserMechanisms, type UserMechanisms, userService } from "../services/user/user.service.ts";
import { createUserTables } from "../services/user/user-tables.ts";
import { textbookUserService } from "../textbook/user.textbook.ts";
import { createSeedUserTable } from "../textbook/user-database.ts";
import { textbookVersionedUserService } from "../textbook/versioned-user.textbook.ts";
import { oneService } from "./one-service.ts";

/** The nodes of the user system, as faults and workloads name them. */
export const userNodes = { service: "user", store: "user-db" } as const;

/** User profiles in the hardened form, or with one mechanism replaced by a defect. */
export function userSystem(defect?: Defect<UserMechanisms>): SystemDefinition {
  return oneService(userNodes, createUserTables, (needs) =>
    userService(needs, { ...hardenedUserMechanisms(), ...defect?.replacement() }),
  );
}

/** User profiles as the seed's section 1 has them. */
export function textbookUserSystem(): SystemDefinition {
  return oneService(userNodes, createSeedUserTable, textbookUserService);
}

/** User profiles with the one version check that the seed writes out. */
export function textbookVersionedUserSystem(): SystemDefinition {
  return oneService(userNodes, createUserTables, textbookVersionedUserService);
}
