import { describe, expect, test } from "vitest";
import { orderSagaSystem } from "../../../reference-impl/systems/order-saga.system.ts";
import { inspectOrderSagas } from "../../../scenarios/inspect-order-sagas.ts";
import { type SimulatedSystem, simulate } from "./simulated-system.ts";

const placed = "http://order-saga/orders";

/** An order of so many pieces of the one item. */
function order(orderId: string, quantity: number, price = 10) {
  return { orderId, customerId: "c", items: [{ itemId: "item-1", quantity, price }] };
}

/** The hardened system with ten pieces of one item. */
function withShop<Result>(work: (system: SimulatedSystem) => Promise<Result>): Promise<Result> {
  return simulate(orderSagaSystem(), async (system) => {
    const item = { id: "item-1", stock: 10, requestKey: "create" };
    await system.request("POST", "http://inventory/items", item);
    return await work(system);
  });
}

/** Waits until no order is being processed. */
async function settled({ request, simulation }: SimulatedSystem): Promise<void> {
  for (let round = 0; round < 200; round++) {
    const answer = await request("GET", "http://order-saga/pending").catch(() => null);
    if (answer?.body.pending === 0) return;
    await simulation.scheduler.sleep(50e6);
  }
  throw new Error("orders are still being processed");
}

/** What was done for an order, in the order in which it was done: `payment do 20`. */
async function effects({ simulation }: SimulatedSystem, orderId: string): Promise<string[]> {
  const records = await inspectOrderSagas(simulation.stores());
  return records
    .filter(({ f, key }) => f === "effect" && key === `order/${orderId}`)
    .map(({ value }) => value as { step: string; kind: string; at: number; amount?: number })
    .sort((a, b) => a.at - b.at)
    .map(({ step, kind, amount }) => [step, kind, amount].filter((part) => part !== undefined).join(" "));
}

const allDone = ["order do", "reserve do 2", "payment do 20", "ship do 2", "confirm do", "notify do"];

describe("the hardened order saga", () => {
  test("does every step of an order once, however often it is placed", async () => {
    await withShop(async (system) => {
      const place = () => system.request("POST", placed, order("1", 2));
      const answers = await Promise.all([place(), place()]);
      expect(answers.map(({ status }) => status)).toEqual([202, 202]);
      await settled(system);
      await place();
      await settled(system);
      expect(await effects(system, "1")).toEqual(allDone);
      expect((await system.request("GET", "http://order/orders/1")).body).toMatchObject({
        state: "CONFIRMED",
        amount: 20,
      });
      expect((await system.request("GET", `${placed}/1`)).body).toEqual({ orderId: "1", state: "completed" });
      expect((await system.request("GET", "http://inventory/items/item-1")).body).toMatchObject({
        stock: 8,
        reserved: 0,
        shipped: 2,
      });
    });
  });

  test.each([
    ["too little stock", order("1", 11), ["order do", "order undo"]],
    ["too much money", order("1", 5, 900), ["order do", "reserve do 5", "reserve undo 5", "order undo"]],
    [
      "too large a parcel",
      order("1", 9),
      ["order do", "reserve do 9", "payment do 90", "payment undo 90", "reserve undo 9", "order undo"],
    ],
  ])("takes back what was done, last first, after %s", async (_why, body, expected) => {
    await withShop(async (system) => {
      await system.request("POST", placed, body);
      await settled(system);
      expect(await effects(system, "1")).toEqual(expected);
      expect((await system.request("GET", "http://inventory/items/item-1")).body).toMatchObject({
        stock: 10,
        reserved: 0,
        shipped: 0,
      });
      expect((await system.request("GET", "http://order/orders/1")).body).toMatchObject({
        state: "CANCELLED",
      });
    });
  });

  test("refuses bad orders at the door, and another order under a known id", async () => {
    await withShop(async ({ request }) => {
      expect(await request("POST", placed, { ...order("1", 1), items: [] })).toMatchObject({ status: 400 });
      expect(await request("POST", placed, { ...order("1", 1), customerId: "" })).toMatchObject({
        status: 400,
      });
      expect(await request("POST", placed, order("1", 0))).toMatchObject({ status: 400 });
      await request("POST", placed, order("1", 1));
      expect(await request("POST", placed, order("1", 2))).toMatchObject({ status: 409 });
      expect(await request("GET", `${placed}/2`)).toMatchObject({ status: 404 });
    });
  });

  test("goes on where it was after its process was killed, at whatever moment", async () => {
    for (let ms = 1; ms <= 29; ms += 4) {
      await withShop(async (system) => {
        const { simulation } = system;
        await system.request("POST", placed, order("1", 2));
        await simulation.scheduler.sleep(ms * 1e6);
        simulation.port.crash("order-saga");
        await simulation.scheduler.sleep(20e6);
        simulation.port.restart("order-saga");
        await simulation.scheduler.sleep(20e6);
        await settled(system);
        expect(await effects(system, "1"), `killed after ${ms} ms`).toEqual(allDone);
      });
    }
  });

  test("takes back a step that an earlier life sent, where it cannot be sent again", async () => {
    let undone = 0;
    for (let afterMs = 0; afterMs < 30; afterMs++) {
      await withShop(async (system) => {
        const { port, scheduler } = system.simulation;
        await system.request("POST", placed, order("1", 2));
        await scheduler.sleep(afterMs * 1e6);
        port.crash("order-saga");
        port.crash("inventory");
        port.restart("order-saga");
        await scheduler.sleep(3000e6);
        port.restart("inventory");
        await settled(system);
        const done = await effects(system, "1");
        const reserved = done.filter((effect) => effect === "reserve do 2").length;
        const released = done.filter((effect) => effect === "reserve undo 2").length;
        const { state } = (await system.request("GET", `${placed}/1`)).body;
        expect(released, `killed after ${afterMs} ms: ${state}, ${done.join(", ")}`).toBe(
          state === "completed" ? 0 : reserved,
        );
        undone += released;
      });
    }
    expect(undone).toBeGreaterThan(0);
  });

  test("takes back a payment of which it never learns the outcome", async () => {
    await withShop(async (system) => {
      const heal = system.simulation.port.intercept("payment", "order-saga", (message) =>
        message.kind === "answer" ? "drop" : null,
      );
      await system.request("POST", placed, order("1", 2));
      await system.simulation.scheduler.sleep(4e9);
      heal();
      await settled(system);
      expect(await effects(system, "1")).toEqual([
        "order do",
        "reserve do 2",
        "payment do 20",
        "payment undo 20",
        "reserve undo 2",
        "order undo",
      ]);
    });
  });

  test("a payment that arrives after it was taken back is not made", async () => {
    await withShop(async (system) => {
      const { request } = system;
      const undo = () => request("POST", "http://payment/payments/1/refund", { undoes: "1/pay" }, "1/refund");
      expect(await undo()).toMatchObject({ status: 200, body: { undone: "nothing" } });
      const pay = () => request("POST", "http://payment/payments", { orderId: "1", amount: 5 }, "1/pay");
      expect(await pay()).toMatchObject({ status: 409, body: { error: { code: "withdrawn" } } });
      expect((await request("GET", "http://payment/payments/1")).body).toEqual({ orderId: "1", paid: 0 });
      expect(await effects(system, "1")).toEqual([]);
    });
  });
});

describe("every service of the order saga", () => {
  test("is up while its store is away, but not ready", async () => {
    await withShop(async ({ request, simulation }) => {
      for (const name of ["order", "inventory", "payment", "notification", "order-saga"]) {
        expect(await request("GET", `http://${name}/ready`)).toMatchObject({ status: 200 });
        simulation.port.crash(`${name}-db`);
        expect(await request("GET", `http://${name}/health`)).toMatchObject({ status: 200 });
        expect(await request("GET", `http://${name}/ready`)).toMatchObject({ status: 503 });
      }
    });
  });

  test("finishes what it began when it is stopped, and leaves the rest for the next start", async () => {
    const system = orderSagaSystem();
    const stops: (() => Promise<void>)[] = [];
    const services = system.services.map((service) => ({
      ...service,
      start: async (context: Parameters<typeof service.start>[0]) => {
        const started = await service.start(context);
        if (service.name === "order-saga") stops.push(() => started.stop?.() ?? Promise.resolve());
        return started;
      },
    }));
    await simulate({ ...system, services }, async (running) => {
      const { simulation, request } = running;
      await request("POST", "http://inventory/items", { id: "item-1", stock: 10, requestKey: "create" });
      await request("POST", placed, order("1", 2));
      await simulation.scheduler.sleep(6e6);
      await stops[0]?.();
      expect(await request("GET", "http://order-saga/pending").catch(() => null)).toBeNull();
      const before = await effects(running, "1");
      await simulation.scheduler.sleep(2e9);
      expect(await effects(running, "1")).toEqual(before);
      expect(before.length).toBeLessThan(allDone.length);
      simulation.port.crash("order-saga");
      simulation.port.restart("order-saga");
      await simulation.scheduler.sleep(20e6);
      await settled(running);
      expect(await effects(running, "1")).toEqual(allDone);
    });
  });
});
