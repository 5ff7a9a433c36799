import { describe, expect, test } from "vitest";
import { shopSystem } from "../../../reference-impl/systems/shop.system.ts";
import { type SimulatedSystem, simulate } from "./simulated-system.ts";

/** Asks until the answer is as it should be, or for ten seconds of virtual time. */
async function eventually(
  { request, simulation }: SimulatedSystem,
  url: string,
  isGood: (answer: { status: number; body: Readonly<Record<string, unknown>> }) => boolean,
) {
  for (let round = 0; ; round++) {
    const answer = await request("GET", url);
    if (isGood(answer) || round === 200) return answer;
    await simulation.scheduler.sleep(50e6);
  }
}

const isFound = ({ status }: { status: number }) => status === 200;
const quick = { latencyMaxUs: 1000 };

describe("the whole shop", () => {
  test("all its services are healthy and ready together", async () => {
    await simulate(shopSystem(), async (system) => {
      const names = shopSystem().services.map(({ name }) => name);
      expect(names).toHaveLength(9);
      expect(new Set(names).size).toBe(9);
      for (const name of names) {
        for (const path of ["health", "ready"]) {
          expect(`${name} ${(await system.request("GET", `http://${name}/${path}`)).status}`).toBe(
            `${name} 200`,
          );
        }
      }
    });
  });

  test("each service has a store of its own, and no two have the same", () => {
    const { services, stores } = shopSystem();
    const owners = services.flatMap(({ stores: names }) => names.filter((name) => name !== "kafka"));
    expect(new Set(owners).size).toBe(owners.length);
    const known = stores.flatMap((store) =>
      "replicas" in store && store.replicas !== undefined ? [store.name, ...store.replicas] : [store.name],
    );
    expect(owners.toSorted()).toEqual(known.filter((name) => name !== "kafka").toSorted());
  });

  test("a profile is read with a session token at the replica, and reaches the recommendation service", async () => {
    await simulate(
      shopSystem(),
      async (system) => {
        const user = { id: "u-1", email: "u@example.org", name: "Ada" };
        expect((await system.request("POST", "http://user/users", user, "sign-up")).status).toBe(201);
        const change = { expectedVersion: 1, email: "u@example.org", name: "Bea" };
        const response = await system.client.fetch("http://user/users/u-1", {
          method: "PUT",
          headers: { "content-type": "application/json", "idempotency-key": "change" },
          body: JSON.stringify(change),
        });
        const token = response.headers.get("session-token");
        expect(token).not.toBeNull();
        const read = await system.client.fetch("http://user/users/u-1", {
          headers: { "session-token": token ?? "" },
        });
        expect(await read.json()).toMatchObject({ version: 2, name: "Bea" });
        const isNew = ({ body }: { body: Readonly<Record<string, unknown>> }) => body.version === 2;
        expect((await eventually(system, "http://recommendation/profiles/u-1", isNew)).body).toEqual({
          userId: "u-1",
          version: 2,
          email: "u@example.org",
          name: "Bea",
        });
        expect((await system.request("GET", "http://user/messages")).body).toMatchObject({ announced: 2 });
      },
      quick,
    );
  });

  test("a saga's order is announced when it is placed and when it ends, and its customer notified", async () => {
    await simulate(shopSystem(), async (system) => {
      const item = { id: "item-1", stock: 5, requestKey: "item" };
      await system.request("POST", "http://inventory/items", item);
      const order = (orderId: string, quantity: number) => ({
        orderId,
        customerId: "c-1",
        items: [{ itemId: "item-1", quantity, price: 10 }],
      });
      await system.request("POST", "http://order-saga/orders", order("good", 2));
      await system.request("POST", "http://order-saga/orders", order("too-many", 6));
      const isNoticed = ({ body }: { body: Readonly<Record<string, unknown>> }) =>
        (body.notices as unknown[]).length === 2;
      const texts = async (id: string) => {
        const { body } = await eventually(system, `http://notification/notices/${id}`, isNoticed);
        return (body.notices as { text: string; contact: string }[]).map(({ text, contact }) => [
          text,
          contact,
        ]);
      };
      expect(await texts("good")).toEqual([
        ["order.placed: order good", "c-1"],
        ["order.confirmed: order good", "c-1"],
      ]);
      expect(await texts("too-many")).toEqual([
        ["order.placed: order too-many", "c-1"],
        ["order.cancelled: order too-many", "c-1"],
      ]);
      const { body } = await system.request("GET", "http://order/messages");
      expect(body).toMatchObject({ announced: 4, unpublished: 0 });
    });
  });

  test("a product that was created is found in the catalogue", async () => {
    await simulate(shopSystem(), async (system) => {
      const product = { id: "p-1", name: "Red Ink", category: "pens", price: 100, requestKey: "product" };
      expect((await system.request("POST", "http://product/products", product)).status).toBe(201);
      const found = await eventually(system, "http://product-query/products/p-1", isFound);
      expect(found.body).toMatchObject({ name: "Red Ink", price: 100 });
    });
  });
});
