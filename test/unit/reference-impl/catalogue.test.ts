import { describe, expect, test } from "vitest";
import {
  catalogueNodes,
  catalogueSystem,
  textbookCatalogueSystem,
} from "../../../reference-impl/systems/catalogue.system.ts";
import { type SimulatedSystem, simulate } from "./simulated-system.ts";

const products = "http://product/products";
const query = "http://product-query";

async function create({ request }: SimulatedSystem, id: string, name: string, category: string) {
  const body = { id, name, price: 100, category, requestKey: `create ${id}` };
  return await request("POST", products, body);
}

/** Asks until the answer fits; the simulation ends with an error where it never does. */
async function until(
  { client, request }: SimulatedSystem,
  url: string,
  fits: (body: Readonly<Record<string, unknown>>) => boolean,
): Promise<Readonly<Record<string, unknown>>> {
  for (;;) {
    const { body } = await request("GET", url);
    if (fits(body)) return body;
    await client.clock.sleep(50);
  }
}

async function quiet(system: SimulatedSystem): Promise<void> {
  const { body } = await system.request("GET", "http://product/messages");
  await until(system, `${query}/messages`, ({ handled }) => handled === body.announced);
}

describe("the catalogue", () => {
  test("shows products by id, by category and by words, in the order of their ids", () =>
    simulate(catalogueSystem(), async (system) => {
      const { request } = system;
      await create(system, "b", "Red Ink", "pens");
      await create(system, "a", "Blue Ink", "pens");
      await create(system, "c", "Red Paper", "paper");
      await request("PUT", `${products}/b/price`, { price: 250, requestKey: "p" });
      await quiet(system);
      expect(await request("GET", `${query}/products/b`)).toMatchObject({
        status: 200,
        body: { id: "b", version: 2, name: "Red Ink", category: "pens", price: 250, priceChanges: 1 },
      });
      const listed = async (path: string) => {
        const { body } = await request("GET", `${query}/${path}`);
        return (body.products as readonly { id: string }[]).map(({ id }) => id);
      };
      expect(await listed("categories/pens")).toEqual(["a", "b"]);
      expect(await listed("categories/none")).toEqual([]);
      expect(await listed("search?word=RED")).toEqual(["b", "c"]);
      expect(await listed("search?word=red%20ink&limit=2")).toEqual(["a", "b"]);
    }));

  test("answers 400 and 404 to what cannot be asked for", () =>
    simulate(catalogueSystem(), async ({ request }) => {
      expect(await request("GET", `${query}/products/-`)).toMatchObject({ status: 400 });
      expect(await request("GET", `${query}/products/none`)).toMatchObject({ status: 404 });
      expect(await request("GET", `${query}/search`)).toMatchObject({ status: 400 });
      expect(await request("GET", `${query}/search?word=a&limit=0`)).toMatchObject({ status: 400 });
      expect(await request("GET", `${query}/categories/a?limit=101`)).toMatchObject({ status: 400 });
      for (const service of ["product", "product-query"]) {
        expect(await request("GET", `http://${service}/health`)).toMatchObject({ status: 200 });
        expect(await request("GET", `http://${service}/ready`)).toMatchObject({ status: 200 });
      }
    }));

  test("is rebuilt beside what is shown, with the changes that come meanwhile, also through a crash", () =>
    simulate(catalogueSystem(), async (system) => {
      const { request, simulation } = system;
      await create(system, "a", "Red Ink", "pens");
      await quiet(system);
      expect(await request("POST", `${query}/rebuilds`, {})).toMatchObject({ status: 202 });
      await request("PUT", `${products}/a/price`, { price: 300, requestKey: "p" });
      await until(system, `${query}/rebuilds`, ({ building }) => building === 2);
      simulation.port.crash(catalogueNodes.query);
      simulation.port.restart(catalogueNodes.query);
      await until(system, `${query}/rebuilds`, ({ live }) => live === 2);
      await quiet(system);
      const { body } = await request("GET", `${query}/products/a`);
      expect(body).toMatchObject({ price: 300, priceChanges: 1 });
    }));
});

describe("the seed's catalogue", () => {
  test("accepts a price of a product that nobody created, and never shows it", () =>
    simulate(textbookCatalogueSystem(), async (system) => {
      const { request } = system;
      expect(await request("PUT", `${products}/a/price`, { price: 5 })).toMatchObject({ status: 200 });
      await create(system, "a", "Red Ink", "pens");
      const { price } = await until(system, `${query}/products/a`, ({ id }) => id === "a");
      expect(price).toBe(100);
    }));

  test("lists a product once for each time that it is created", () =>
    simulate(textbookCatalogueSystem(), async (system) => {
      await create(system, "a", "Red Ink", "pens");
      await create(system, "a", "Red Ink", "pens");
      const { products: listed } = await until(
        system,
        `${query}/categories/pens`,
        (body) => (body.products as readonly unknown[]).length > 1,
      );
      expect(listed).toMatchObject([{ id: "a" }, { id: "a" }]);
    }));
});
