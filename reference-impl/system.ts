import type { Hono } from "hono";
import type { Kysely } from "kysely";
import type { ServiceContext, SystemDefinition } from "../harness/run/system.ts";
import type { Defect } from "./defects/defect.ts";
import { poolLimits, type ServiceNeeds } from "./service-needs.ts";
import {
  hardenedInventoryMechanisms,
  type InventoryMechanisms,
  inventoryService,
} from "./services/inventory/inventory.service.ts";
import { createInventoryTables } from "./services/inventory/inventory-tables.ts";
import { hardenedUserMechanisms, type UserMechanisms, userService } from "./services/user/user.service.ts";
import { createUserTables } from "./services/user/user-tables.ts";
import { textbookInventoryService } from "./textbook/product-inventory.textbook.ts";
import { textbookUserService } from "./textbook/user.textbook.ts";
import { createSeedUserTable } from "./textbook/user-database.ts";
import { textbookVersionedUserService } from "./textbook/versioned-user.textbook.ts";

/** The nodes of the user system, as faults and workloads name them. */
export const userNodes = { service: "user", store: "user-db" } as const;

/** The nodes of the inventory system. */
export const inventoryNodes = { service: "inventory", store: "inventory-db" } as const;

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

/** Stock in the hardened form, or with one mechanism replaced by a defect. */
export function inventorySystem(defect?: Defect<InventoryMechanisms>): SystemDefinition {
  return oneService(inventoryNodes, createInventoryTables, (needs) =>
    inventoryService(needs, { ...hardenedInventoryMechanisms(), ...defect?.replacement() }),
  );
}

/** Stock as the seed's `update_inventory` counts it. */
export function textbookInventorySystem(): SystemDefinition {
  return oneService(inventoryNodes, createInventoryTables, textbookInventoryService);
}

/** One service with a database of its own: pattern 1. */
function oneService<Tables>(
  nodes: { readonly service: string; readonly store: string },
  migrate: (database: Kysely<unknown>) => Promise<void>,
  start: (needs: ServiceNeeds<Tables>) => Hono | Promise<Hono>,
): SystemDefinition {
  return {
    stores: [{ name: nodes.store, kind: "postgres", migrate }],
    services: [
      {
        name: nodes.service,
        stores: [nodes.store],
        start: (context: ServiceContext) =>
          start({
            clock: context.clock,
            random: context.random,
            newId: context.newId,
            database: context.postgres<Tables>(nodes.store, poolLimits),
          }),
      },
    ],
  };
}
