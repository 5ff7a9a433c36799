import { describe, expect, test } from "vitest";
import { forgetfulDocument } from "../../../reference-impl/defects/forgetful-document.defect.ts";
import { unguardedIncrement } from "../../../reference-impl/defects/unguarded-increment.defect.ts";
import { productSystem, textbookProductSystem } from "../../../reference-impl/systems/product.system.ts";
import { type SimulatedSystem, simulate } from "./simulated-system.ts";

const products = "http://product/products";
const id = "0123456789abcdef01234567";
const product = { id, name: "Red Ink", price: 100, category: "pens", stock: 3 };

/** A service with one product of which three pieces are in stock. */
function withProduct<Result>(
  work: (system: SimulatedSystem) => Promise<Result>,
  system = productSystem(),
): Promise<Result> {
  return simulate(system, async (simulated) => {
    const created = await simulated.request("POST", products, { ...product, requestKey: "create" });
    expect(created.status).toBe(201);
    return await work(simulated);
  });
}

describe("the hardened product service", () => {
  test("moves pieces where there are enough, also when all ask at the same time", () =>
    withProduct(async ({ request }) => {
      const asked = ["a", "b", "c"].map((requestKey) =>
        request("POST", `${products}/${id}/reservations`, { quantity: 2, requestKey }),
      );
      expect((await Promise.all(asked)).map(({ status }) => status).toSorted()).toEqual([200, 409, 409]);
      const { body } = await request("GET", `${products}/${id}`);
      expect(body).toMatchObject({ id, stock: 1, reserved: 2, shipped: 0, version: 1 });
    }));

  test("moves once per request key, and a refusal stays one when there is enough again", () =>
    withProduct(async ({ request }) => {
      const reserve = (quantity: number, requestKey: string) =>
        request("POST", `${products}/${id}/reservations`, { quantity, requestKey });
      const answers = await Promise.all([reserve(1, "k"), reserve(1, "k")]);
      answers.push(await reserve(1, "k"));
      for (const { status } of answers) expect(status).toBe(200);
      expect(await reserve(4, "much")).toMatchObject({
        status: 409,
        body: { error: { code: "not-enough" } },
      });
      await request("POST", `${products}/${id}/restocks`, { quantity: 9, requestKey: "r" });
      expect(await reserve(4, "much")).toMatchObject({ status: 409 });
      expect(await reserve(2, "k")).toMatchObject({ status: 422 });
      expect((await request("GET", `${products}/${id}`)).body).toMatchObject({ stock: 11, reserved: 1 });
    }));

  test("changes the price once per request key, and from the expected version only", () =>
    withProduct(async ({ request }) => {
      const change = (price: number, requestKey: string, expectedVersion?: number) =>
        request("PUT", `${products}/${id}/price`, { price, requestKey, expectedVersion });
      expect(await change(200, "a", 1)).toMatchObject({ status: 200, body: { version: 2, price: 200 } });
      expect(await change(200, "a", 1)).toMatchObject({ status: 200, body: { version: 2, price: 200 } });
      expect(await change(300, "b", 1)).toMatchObject({ status: 409, body: { error: { code: "conflict" } } });
      const both = await Promise.all([change(400, "c"), change(500, "d")]);
      expect(both.map(({ body }) => body.version).toSorted()).toEqual([3, 4]);
    }));

  test("creates once per request key, and never over another product", () =>
    withProduct(async ({ request }) => {
      expect(await request("POST", products, { ...product, requestKey: "create" })).toMatchObject({
        status: 201,
      });
      expect(await request("POST", products, { ...product, requestKey: "other" })).toMatchObject({
        status: 409,
      });
    }));

  test("answers 400 and 404 to what cannot be asked for", () =>
    withProduct(async ({ request }) => {
      expect(await request("GET", `${products}/-`)).toMatchObject({ status: 400 });
      expect(await request("GET", `${products}/none`)).toMatchObject({ status: 404 });
      const one = { quantity: 1, requestKey: "k" };
      expect(await request("POST", `${products}/none/restocks`, one)).toMatchObject({ status: 404 });
      expect(
        await request("POST", `${products}/${id}/restocks`, { quantity: 0, requestKey: "k" }),
      ).toMatchObject({
        status: 400,
      });
      expect(await request("PUT", `${products}/${id}/price`, { price: -1, requestKey: "k" })).toMatchObject({
        status: 400,
      });
    }));
});

describe("with a defect", () => {
  test("unguarded-increment takes what is not there", () =>
    withProduct(async ({ request }) => {
      const body = { quantity: 4, requestKey: "k" };
      expect(await request("POST", `${products}/${id}/reservations`, body)).toMatchObject({ status: 200 });
      expect((await request("GET", `${products}/${id}`)).body).toMatchObject({ stock: -1 });
    }, productSystem(unguardedIncrement)));

  test("forgetful-document takes once for each copy", () =>
    withProduct(async ({ request }) => {
      const body = { quantity: 1, requestKey: "k" };
      await request("POST", `${products}/${id}/reservations`, body);
      await request("POST", `${products}/${id}/reservations`, body);
      expect((await request("GET", `${products}/${id}`)).body).toMatchObject({ stock: 1, reserved: 2 });
    }, productSystem(forgetfulDocument)));
});

test("the seed's product service has no floor, and an id that is none is a crash", () =>
  withProduct(async ({ request }) => {
    await request("POST", `${products}/${id}/reservations`, { quantity: 4 });
    expect((await request("GET", `${products}/${id}`)).body).toMatchObject({ stock: -1, reserved: 4 });
    expect(await request("GET", `${products}/none`)).toMatchObject({ status: 500 });
  }, textbookProductSystem()));
