import { describe, expect, test } from "vitest";
import type { SystemDefinition } from "../../../harness/run/system.ts";
import { acknowledgeBeforeApply } from "../../../reference-impl/defects/acknowledge-before-apply.defect.ts";
import { noInvalidation } from "../../../reference-impl/defects/no-invalidation.defect.ts";
import { unversionedCacheFill } from "../../../reference-impl/defects/unversioned-cache-fill.defect.ts";
import {
  storefrontNodes as nodes,
  storefrontSystem,
  textbookStorefrontSystem,
} from "../../../reference-impl/systems/storefront.system.ts";
import { type SimulatedSystem, simulate } from "./simulated-system.ts";

const product = { id: "p", name: "p", category: "all", price: 10, requestKey: "create" };
const shown = "http://storefront/products/p";

/** A product in the cache; then `meanwhile` while its price changes to 20, and the price that is shown in the end. */
function priceShown(
  system: SystemDefinition,
  meanwhile: (system: SimulatedSystem) => Promise<unknown> = async () => {},
): Promise<unknown> {
  return simulate(system, async (running) => {
    const { request } = running;
    await request("POST", "http://product/products", product);
    await rest(running, 2000);
    await request("GET", shown);
    await meanwhile(running);
    await rest(running, 5000);
    return (await request("GET", shown)).body.price;
  });
}

const rest = ({ simulation }: SimulatedSystem, ms: number) => simulation.scheduler.sleep(ms * 1e6);

const changePrice = ({ request }: SimulatedSystem) =>
  request("PUT", "http://product/products/p/price", { price: 20, requestKey: "change" });

/** The cache's node is away while the change is announced. */
async function changeWithoutCache(running: SimulatedSystem): Promise<void> {
  running.simulation.port.crash(nodes.cache);
  await changePrice(running);
  await rest(running, 1000);
  running.simulation.port.restart(nodes.cache);
}

/** Somebody has looked at the store before the change, and fills the cache after it. */
async function changeUnderSlowReader(running: SimulatedSystem): Promise<void> {
  const { simulation, request } = running;
  await request("PUT", "http://product/products/p/price", { price: 15, requestKey: "before" });
  await rest(running, 2000);
  let isHeld = false;
  const heal = simulation.port.intercept(nodes.storefront, nodes.cache, (message) => {
    if (isHeld || message.label === "GET") return null;
    isHeld = true;
    return "hold";
  });
  const reader = request("GET", shown);
  await rest(running, 50);
  await changePrice(running);
  await rest(running, 200);
  heal();
  await reader;
}

describe("the storefront", () => {
  test("shows a product from the cache, and the new price once it is announced", async () => {
    expect(await priceShown(storefrontSystem())).toBe(10);
    expect(await priceShown(storefrontSystem(), changePrice)).toBe(20);
    expect(await priceShown(storefrontSystem(noInvalidation), changePrice)).toBe(10);
  });

  test("an invalidation that fails is done again; or never, where its message was acknowledged before", async () => {
    expect(await priceShown(storefrontSystem(), changeWithoutCache)).toBe(20);
    expect(await priceShown(storefrontSystem(acknowledgeBeforeApply), changeWithoutCache)).toBe(10);
    expect(await priceShown(textbookStorefrontSystem(), changeWithoutCache)).toBe(10);
  });

  test("a slow reader does not put back what it has seen; without versions it does", async () => {
    expect(await priceShown(storefrontSystem(), changeUnderSlowReader)).toBe(20);
    expect(await priceShown(storefrontSystem(unversionedCacheFill), changeUnderSlowReader)).toBe(15);
    expect(await priceShown(textbookStorefrontSystem(), changeUnderSlowReader)).toBe(15);
  });

  test("goes on without its cache, and says 404, 400 and 503 in words", async () => {
    await simulate(storefrontSystem(), async ({ request, simulation }) => {
      await request("POST", "http://product/products", product);
      simulation.port.crash(nodes.cache);
      expect(await request("GET", shown)).toMatchObject({ status: 200, body: { price: 10, version: 1 } });
      expect((await request("GET", "http://storefront/products/q")).status).toBe(404);
      expect((await request("GET", "http://storefront/products/a_b")).status).toBe(400);
      simulation.port.crash(nodes.product);
      expect(await request("GET", shown)).toMatchObject({
        status: 503,
        body: { error: { code: "unavailable" } },
      });
    });
  });
});
