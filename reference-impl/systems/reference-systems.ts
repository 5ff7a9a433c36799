import type { SystemDefinition } from "../../harness/run/system.ts";
import { announcedOrderSystem } from "./announced-orders.system.ts";
import { blogSystem } from "./blog.system.ts";
import { catalogueSystem } from "./catalogue.system.ts";
import { choreographySystem } from "./choreography.system.ts";
import { inventorySystem } from "./inventory.system.ts";
import { orderSagaSystem } from "./order-saga.system.ts";
import { productSystem } from "./product.system.ts";
import { profileSystem } from "./profiles.system.ts";
import { replicatedUserSystem } from "./replicated-user.system.ts";
import { reportWriterSystem } from "./report-writer.system.ts";
import { resilientCallsSystem } from "./resilient-calls.system.ts";
import { shopSystem } from "./shop.system.ts";
import { storefrontSystem } from "./storefront.system.ts";
import { userSystem } from "./user.system.ts";

/**
 * Every system of the reference implementation in its hardened form, by the name of its file; `choreography` has a second
 * one on Redis Streams. The order decides where a service is looked for first: the shop has each of its services whole.
 */
export const referenceSystems: ReadonlyMap<string, () => SystemDefinition> = new Map([
  ["shop", () => shopSystem()],
  ["user", () => userSystem()],
  ["replicated-user", () => replicatedUserSystem()],
  ["profiles", () => profileSystem()],
  ["inventory", () => inventorySystem()],
  ["product", () => productSystem()],
  ["catalogue", () => catalogueSystem()],
  ["order-saga", () => orderSagaSystem()],
  ["resilient-calls", () => resilientCallsSystem()],
  ["announced-orders", () => announcedOrderSystem()],
  ["choreography", () => choreographySystem("kafka")],
  ["choreography-on-redis-streams", () => choreographySystem("redis")],
  ["report-writer", () => reportWriterSystem()],
  ["storefront", () => storefrontSystem()],
  ["blog", () => blogSystem()],
]);
