import type { SystemDefinition } from "../../harness/run/system.ts";
import { announcedOrderSystem } from "./announced-orders.system.ts";
import { catalogueSystem } from "./catalogue.system.ts";
import { choreographySystem } from "./choreography.system.ts";
import { inventorySystem } from "./inventory.system.ts";
import { orderSagaSystem } from "./order-saga.system.ts";
import { profileSystem } from "./profiles.system.ts";
import { resilientCallsSystem } from "./resilient-calls.system.ts";
import { userSystem } from "./user.system.ts";

/** Every system of the reference implementation in its hardened form, by name; the order decides where a service is looked for first. */
export const referenceSystems: ReadonlyMap<string, () => SystemDefinition> = new Map([
  ["order-saga", () => orderSagaSystem()],
  ["user", () => userSystem()],
  ["inventory", () => inventorySystem()],
  ["choreography", () => choreographySystem("kafka")],
  ["choreography-on-redis-streams", () => choreographySystem("redis")],
  ["catalogue", () => catalogueSystem()],
  ["profiles", () => profileSystem()],
  ["announced-orders", () => announcedOrderSystem()],
  ["resilient-calls", () => resilientCallsSystem()],
]);
