import { describe, expect, test } from "vitest";
import { textbookOrderSagaSystem } from "../../../reference-impl/systems/order-saga.system.ts";
import { inspectOrderSagas } from "../../../scenarios/inspect-order-sagas.ts";
import { type SimulatedSystem, simulate } from "./simulated-system.ts";

const order = { orderId: "1", customerId: "c", items: [{ itemId: "item-1", quantity: 2, price: 10 }] };
const place = ({ request }: SimulatedSystem) => request("POST", "http://order-saga/orders", order);

/** The seed's saga, with ten pieces of one item. */
function withShop<Result>(work: (system: SimulatedSystem) => Promise<Result>): Promise<Result> {
  return simulate(textbookOrderSagaSystem(), async (system) => {
    await system.request("POST", "http://inventory/items", { id: "item-1", stock: 10 });
    return await work(system);
  });
}

/** What was done for the order, in any order. */
async function effects({ simulation }: SimulatedSystem): Promise<string[]> {
  const records = await inspectOrderSagas(simulation.stores());
  return records
    .filter(({ f }) => f === "effect")
    .map(({ value }) => value as { step: string; kind: string })
    .map(({ step, kind }) => `${step} ${kind}`);
}

describe("what the textbook order saga gets wrong", () => {
  test("nothing, as long as nothing fails", async () => {
    await withShop(async (system) => {
      expect((await place(system)).body).toEqual({ orderId: "1", state: "completed" });
      expect((await effects(system)).toSorted()).toEqual(
        ["order do", "reserve do", "payment do", "ship do", "confirm do", "notify do"].toSorted(),
      );
    });
  });

  test("the same order is processed as often as it is placed", async () => {
    await withShop(async (system) => {
      await place(system);
      await place(system);
      expect((await effects(system)).filter((effect) => effect === "payment do")).toHaveLength(2);
    });
  });

  test("a payment whose answer was lost is not given back", async () => {
    await withShop(async (system) => {
      system.simulation.port.intercept("payment", "order-saga", () => "reset");
      expect((await place(system)).body).toMatchObject({ state: "aborted" });
      const done = await effects(system);
      expect(done).toContain("payment do");
      expect(done).toContain("reserve undo");
      expect(done).not.toContain("payment undo");
    });
  });

  test("a crash of the orchestrator leaves the order as it was for ever", async () => {
    await withShop(async (system) => {
      const { simulation } = system;
      const heal = simulation.port.intercept("payment", "order-saga", () => "hold");
      const placed = place(system).catch(() => null);
      await simulation.scheduler.sleep(100e6);
      simulation.port.crash("order-saga");
      await placed;
      heal();
      simulation.port.restart("order-saga");
      await simulation.scheduler.sleep(10e9);
      expect(await effects(system)).toEqual(["order do", "reserve do", "payment do"]);
    });
  });
});
