import { describe, expect, test } from "vitest";
import { inventorySystem } from "../../../reference-impl/systems/inventory.system.ts";
import { type SimulatedSystem, simulate } from "./simulated-system.ts";

const item = "http://inventory/items/item-1";

/** The hardened service with one item of which three pieces are in stock. */
function withItem<Result>(work: (system: SimulatedSystem) => Promise<Result>): Promise<Result> {
  return simulate(inventorySystem(), async (system) => {
    await system.request("POST", "http://inventory/items", { id: "item-1", stock: 3, requestKey: "create" });
    return await work(system);
  });
}

describe("the hardened inventory service", () => {
  test("moves pieces, and their sum changes by a restock only", async () => {
    await withItem(async ({ request }) => {
      const move = async (route: string, quantity: number) =>
        (await request("POST", `${item}/${route}`, { quantity, requestKey: `${route} ${quantity}` })).body;
      expect(await move("reservations", 3)).toMatchObject({ stock: 0, reserved: 3, shipped: 0 });
      expect(await move("releases", 1)).toMatchObject({ stock: 1, reserved: 2, shipped: 0 });
      expect(await move("shipments", 2)).toMatchObject({ stock: 1, reserved: 0, shipped: 2 });
      expect(await move("restocks", 4)).toMatchObject({ stock: 5, reserved: 0, shipped: 2 });
      expect((await request("GET", item)).body).toEqual({ id: "item-1", stock: 5, reserved: 0, shipped: 2 });
    });
  });

  test("takes only where enough is left, also when all come at the same time", async () => {
    await withItem(async ({ request }) => {
      const reservations = ["a", "b", "c"].map((requestKey) =>
        request("POST", `${item}/reservations`, { quantity: 2, requestKey }),
      );
      const statuses = (await Promise.all(reservations)).map(({ status }) => status);
      expect(statuses.toSorted()).toEqual([200, 409, 409]);
      expect((await request("GET", item)).body).toMatchObject({ stock: 1, reserved: 2 });
    });
  });

  test("takes once per request key", async () => {
    await withItem(async ({ request }) => {
      const reserve = () => request("POST", `${item}/reservations`, { quantity: 1, requestKey: "k" });
      const answers = await Promise.all([reserve(), reserve()]);
      answers.push(await reserve());
      for (const answer of answers)
        expect(answer).toMatchObject({ status: 200, body: { stock: 2, reserved: 1 } });
    });
  });

  test("a refused reservation is not carried out by a later copy, when there is enough again", async () => {
    await withItem(async ({ request }) => {
      const reserve = () => request("POST", `${item}/reservations`, { quantity: 4, requestKey: "k" });
      expect(await reserve()).toMatchObject({ status: 409, body: { error: { code: "not-enough" } } });
      await request("POST", `${item}/restocks`, { quantity: 4, requestKey: "r" });
      expect(await reserve()).toMatchObject({ status: 409 });
    });
  });

  test("answers 404, 409 and 400 with a code", async () => {
    await withItem(async ({ request }) => {
      const one = { quantity: 1, requestKey: "k" };
      expect(await request("GET", "http://inventory/items/item-2")).toMatchObject({ status: 404 });
      expect(await request("POST", "http://inventory/items/item-2/restocks", one)).toMatchObject({
        status: 404,
      });
      expect(await request("POST", `${item}/shipments`, { ...one, requestKey: "s" })).toMatchObject({
        status: 409,
      });
      expect(await request("POST", `${item}/releases`, { quantity: 0, requestKey: "z" })).toMatchObject({
        status: 400,
      });
      expect(await request("POST", `${item}/releases`, { quantity: 1 })).toMatchObject({ status: 400 });
    });
  });
});
