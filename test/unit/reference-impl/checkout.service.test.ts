import { describe, expect, test } from "vitest";
import { resilientCallsSystem } from "../../../reference-impl/systems/resilient-calls.system.ts";
import { type SimulatedSystem, simulate } from "./simulated-system.ts";

const payments = "http://checkout/payments";
const pay = ({ request }: SimulatedSystem, orderId: string, amount: number) =>
  request("POST", payments, { orderId, amount });

describe("the hardened checkout", () => {
  test("pays once for an order, however often it is asked and whatever is lost", async () => {
    await simulate(resilientCallsSystem(), async (system) => {
      let lost = 0;
      const heal = system.simulation.port.intercept("payment", "checkout", () =>
        lost++ < 2 ? "reset" : null,
      );
      expect(await pay(system, "1", 10)).toMatchObject({ status: 201, body: { amount: 10 } });
      heal();
      expect(lost).toBeGreaterThan(2);
      await pay(system, "1", 10);
      expect((await system.request("GET", `${payments}/1`)).body).toEqual({ orderId: "1", paid: 10 });
    });
  });

  test("hands on a refusal, and does not ask again", async () => {
    await simulate(resilientCallsSystem(), async (system) => {
      let sent = 0;
      system.simulation.port.intercept("checkout", "payment", () => {
        sent++;
        return null;
      });
      expect(await pay(system, "1", 1001)).toMatchObject({
        status: 409,
        body: { error: { code: "payment-refused" } },
      });
      expect(await pay(system, "2", 0)).toMatchObject({ status: 400 });
      expect(sent).toBe(1);
    });
  });

  test("answers in time while the payment service is away, spares it, and finds it again", async () => {
    await simulate(resilientCallsSystem(), async (system) => {
      const { simulation } = system;
      simulation.port.crash("payment");
      const start = simulation.scheduler.now;
      for (let order = 0; order < 10; order++) {
        expect(await pay(system, `${order}`, 10)).toMatchObject({
          status: 503,
          body: { error: { code: "unknown-outcome" } },
        });
      }
      expect(simulation.scheduler.now - start).toBeLessThan(10 * 1.5e9);
      simulation.port.restart("payment");
      await simulation.scheduler.sleep(500e6);
      expect(await pay(system, "x", 10)).toMatchObject({ status: 201 });
    });
  });
});
