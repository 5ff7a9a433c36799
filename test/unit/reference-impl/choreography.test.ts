import { describe, expect, test } from "vitest";
import { noInsufficientHandler } from "../../../reference-impl/defects/no-insufficient-handler.defect.ts";
import { perItem } from "../../../reference-impl/services/inventory/choreography/reserve-lines.ts";
import { answersOf, statusOf } from "../../../reference-impl/services/order/choreography/order-outcome.ts";
import {
  type ChoreographyBus,
  choreographySystem,
  textbookShopSystem,
} from "../../../reference-impl/systems/choreography.system.ts";
import { type SimulatedAnswer, type SimulatedSystem, simulate } from "./simulated-system.ts";

const line = (quantity: number) => ({ item: "pen", quantity });

async function prepare({ request }: SimulatedSystem): Promise<void> {
  await request("POST", "http://inventory/items", { id: "pen", stock: 5, requestKey: "stock" });
}

/** Places an order under its own id as request key. */
async function place(
  { request }: SimulatedSystem,
  id: string,
  lines: readonly { readonly item: string; readonly quantity: number }[],
  amount = 10,
): Promise<SimulatedAnswer> {
  return await request("POST", "http://order/orders", {
    id,
    contact: "a@example.org",
    lines,
    amount,
    requestKey: id,
  });
}

async function statusAfter({ request, client }: SimulatedSystem, id: string): Promise<unknown> {
  await client.clock.sleep(5000);
  return (await request("GET", `http://order/orders/${id}`)).body.status;
}

async function pens({ request }: SimulatedSystem): Promise<unknown> {
  const { body } = await request("GET", "http://inventory/items/pen");
  return [body.stock, body.reserved];
}

describe.each<ChoreographyBus>(["kafka", "redis"])("the choreographed shop over %s", (bus) => {
  test("confirms an order that can be paid and for which there is enough", () =>
    simulate(choreographySystem(bus), async (system) => {
      await prepare(system);
      expect((await place(system, "o1", [line(2), line(1)])).status).toBe(201);
      expect(await statusAfter(system, "o1")).toBe("CONFIRMED");
      expect(await pens(system)).toEqual([2, 3]);
    }));

  test("cancels an order of which there is too little, and one that is too dear, and puts everything back", () =>
    simulate(choreographySystem(bus), async (system) => {
      await prepare(system);
      await place(system, "o1", [line(3), line(3)]);
      await place(system, "o2", [line(2)], 501);
      expect(await statusAfter(system, "o1")).toBe("CANCELLED");
      expect(await statusAfter(system, "o2")).toBe("CANCELLED");
      expect(await pens(system)).toEqual([5, 0]);
      await place(system, "o3", [line(5)]);
      expect(await statusAfter(system, "o3")).toBe("CONFIRMED");
    }));

  test("goes on with an order when the services come back", () =>
    simulate(choreographySystem(bus), async (system) => {
      await prepare(system);
      const { port } = system.simulation;
      port.crash("inventory");
      port.crash("payment-db");
      await place(system, "o1", [line(1)]);
      expect(await statusAfter(system, "o1")).toBe("PENDING");
      port.restart("inventory");
      port.restart("payment-db");
      expect(await statusAfter(system, "o1")).toBe("CONFIRMED");
    }));
});

test("without an answer to `inventory.insufficient` the order never ends", () =>
  simulate(choreographySystem("kafka", noInsufficientHandler), async (system) => {
    await prepare(system);
    await place(system, "o1", [line(6)]);
    expect(await statusAfter(system, "o1")).toBe("PENDING");
  }));

describe("the seed's shop", () => {
  test("sells what is there", () =>
    simulate(textbookShopSystem("kafka"), async (system) => {
      await prepare(system);
      await place(system, "o1", [line(2)]);
      expect(await statusAfter(system, "o1")).toBe("PAID");
      expect(await pens(system)).toEqual([3, 2]);
    }));

  test("takes the money for what is not there, and sells one item twice in two lines", () =>
    simulate(textbookShopSystem("kafka"), async (system) => {
      await prepare(system);
      await place(system, "o1", [line(6)]);
      expect(await statusAfter(system, "o1")).toBe("PAID");
      expect(await pens(system)).toEqual([5, 0]);
      await place(system, "o2", [line(3), line(3)]);
      expect(await pens(system)).toEqual([-1, 6]);
    }));

  test("reserves once more when the order comes once more", () =>
    simulate(textbookShopSystem("kafka"), async (system) => {
      await prepare(system);
      await place(system, "o1", [line(1)]);
      await place(system, "o1", [line(1)]);
      expect(await pens(system)).toEqual([3, 2]);
    }));
});

test("an order waits for both answers, and is confirmed only by two good ones", () => {
  const payments = ["waiting", "paid", "refused"] as const;
  const stocks = ["waiting", "reserved", "insufficient"] as const;
  const outcomes = payments.map((payment) => stocks.map((stock) => statusOf({ payment, stock })));
  expect(outcomes).toEqual([
    ["PENDING", "PENDING", "PENDING"],
    ["PENDING", "CONFIRMED", "CANCELLED"],
    ["PENDING", "CANCELLED", "CANCELLED"],
  ]);
  expect(Object.keys(answersOf)).toHaveLength(4);
});

test("the lines of one item are taken together", () => {
  const lines = [
    { item: "b", quantity: 1 },
    { item: "a", quantity: 2 },
    { item: "b", quantity: 3 },
  ];
  expect(perItem(lines)).toEqual([
    { item: "a", quantity: 2 },
    { item: "b", quantity: 4 },
  ]);
});
