import { Hono } from "hono";
import { type CallTrace, callLog } from "../patterns/call-log.ts";
import type { CallService, RecordSeen, ServiceClock } from "../service-needs.ts";
import { OrderProcessingSaga, type SeedOrderData, seedSagaSteps } from "./order-processing-saga.ts";

/** What the seed's orchestrator is given when it starts. Of a database it makes no use. */
export interface TextbookOrderSagaNeeds {
  readonly clock: ServiceClock;
  readonly newId: () => string;
  readonly fetch: CallService;
  readonly record: RecordSeen;
}

/**
 * The seed's `OrderSagaOrchestrator.process_order` behind `POST /orders`, answered when the saga has ended.
 * Two things are ours, since the seed's saga has no order of its own: the order is stored as PENDING before
 * the saga begins, and its state is set when it has ended. `GET /pending` counts sagas, for the tests. Each request is
 * recorded as a call of its own: the seed has no other.
 */
export function textbookOrderSagaService(needs: TextbookOrderSagaNeeds): Hono {
  const { clock, fetch, record } = needs;
  const calls = callLog(needs);
  let pending = 0;
  const app = new Hono();
  app.onError((_error, context) => context.json({ error: "Internal Server Error" }, 500));
  const send = (method: "POST" | "PUT", url: string, body: unknown) =>
    fetch(url, { method, headers: { "content-type": "application/json" }, body: JSON.stringify(body) });

  const processOrder = async (order: SeedOrderData): Promise<boolean> => {
    const key = `order/${order.order_id}`;
    await send("POST", "http://order/orders", order);
    record("saga", key, { state: "running" });
    const print = (step: string) => record("compensation-failed", key, { step });
    const recorded: CallService = (url, init) =>
      traced(calls(`${key}${new URL(url).pathname}`), () => fetch(url, init));
    const success = await new OrderProcessingSaga(seedSagaSteps(recorded), clock, print).execute(order);
    record("saga", key, { state: success ? "completed" : "aborted" });
    const state = success ? "CONFIRMED" : "CANCELLED";
    await send("PUT", `http://order/orders/${order.order_id}`, { state });
    return success;
  };

  app.post("/orders", async (context) => {
    const { orderId, customerId, items } = await context.req.json();
    pending++;
    try {
      const success = await processOrder({ order_id: orderId, customer_id: customerId, items });
      return context.json({ orderId, state: success ? "completed" : "aborted" });
    } finally {
      pending--;
    }
  });

  app.get("/pending", (context) => context.json({ pending }));

  return app;
}

/** Sends a request and tells what came of it. */
async function traced(trace: CallTrace, send: () => Promise<Response>): Promise<Response> {
  let status = 500;
  try {
    const response = await send();
    status = response.status;
    return response;
  } finally {
    trace.attempt(status < 300 ? "done" : status < 500 ? "refused" : "unknown");
    trace.end();
  }
}
