import { Hono } from "hono";
import type { CallService, RecordSeen, ServiceClock } from "../service-needs.ts";
import { ResilientDataService, SeedCircuitBreaker, ValidationError } from "./resilient-data-service.ts";

/** What the textbook checkout is given when it starts. */
export interface TextbookCheckoutNeeds {
  readonly clock: ServiceClock;
  readonly newId: () => string;
  readonly fetch: CallService;
  readonly record: RecordSeen;
}

/** What is sent to the payment service, and what was recorded about it. */
interface Work {
  readonly orderId: string;
  readonly call: string;
  readonly send: () => Promise<Response>;
}

/**
 * A checkout in the seed's manner: each request to the payment service is a `save` of a
 * {@link ResilientDataService}, whose "database" is that service. A 4xx is a ValidationError. An exception
 * is a 500.
 */
export function textbookCheckoutService(needs: TextbookCheckoutNeeds): Hono {
  const { clock, newId, fetch, record } = needs;
  const life = newId();
  const attempt = ({ orderId, call }: Work, outcome: string) =>
    record("call", `payment/${orderId}`, { life, call, event: "attempt", outcome });
  const paymentService = {
    save: async (work: Work) => {
      let status = 0;
      try {
        const response = await work.send();
        status = response.status;
        if (response.ok) return await response.json();
      } finally {
        attempt(work, status === 0 || status >= 500 ? "unknown" : status < 300 ? "done" : "refused");
      }
      throw status < 500 ? new ValidationError(`refused with ${status}`) : new Error(`failed with ${status}`);
    },
  };
  const service = new ResilientDataService<Work>(paymentService, new SeedCircuitBreaker(), clock);
  const perform = async (orderId: string, send: Work["send"]) => {
    const call = newId();
    const key = `payment/${orderId}`;
    record("call", key, { life, call, event: "begun" });
    try {
      return await service.saveWithRetry({ orderId, call, send });
    } finally {
      record("call", key, { life, call, event: "ended" });
    }
  };
  const app = new Hono();
  app.onError((error, context) =>
    context.json({ error: error.message }, error instanceof ValidationError ? 400 : 500),
  );

  app.post("/payments", async (context) => {
    const { orderId, amount } = await context.req.json();
    const body = JSON.stringify({ order_id: orderId, total_amount: amount });
    const headers = { "content-type": "application/json" };
    const send = () => fetch("http://payment/pay", { method: "POST", headers, body });
    return context.json((await perform(orderId, send)) as object, 201);
  });

  app.get("/payments/:orderId", async (context) => {
    const orderId = context.req.param("orderId");
    const paid = await perform(orderId, () => fetch(`http://payment/payments/${orderId}`));
    return context.json(paid as object);
  });

  return app;
}
