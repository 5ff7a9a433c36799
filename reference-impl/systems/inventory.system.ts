import type { SystemDefinition } from "../../harness/run/system.ts";
import type { Defect } from "../defects/defect.ts";
import {
  hardenedInventoryMechanisms,
  type InventoryMechanisms,
  inventoryService,
} from "../services/inventory/inventory.service.ts";
import { createInventoryTables } from "../services/inventory/inventory-tables.ts";
import { textbookInventoryService } from "../textbook/product-inventory.textbook.ts";
import { oneService } from "./one-service.ts";

/** The nodes of the inventory system. */
export const inventoryNodes = { service: "inventory", store: "inventory-db" } as const;

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
