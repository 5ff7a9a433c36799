import { Hono } from "hono";
import type { LedgerNeeds, ServiceNeeds } from "../service-needs.ts";
import type { PaymentRow, PaymentTables } from "../services/payment/payment-tables.ts";

/**
 * The seed's payment step as a service: more than 1000 is refused; whatever else is asked for is done, as
 * often as it is asked for. An exception is a 500.
 */
export function textbookPaymentService(needs: ServiceNeeds<PaymentTables> & LedgerNeeds): Hono {
  const { database, newId, nowUs } = needs;
  const app = new Hono();
  app.onError((_error, context) => context.json({ error: "Internal Server Error" }, 500));
  const store = (kind: PaymentRow["kind"], order_id: string, amount: number) =>
    database.insertInto("payments").values({ id: newId(), order_id, kind, amount, at: nowUs() }).execute();

  app.post("/pay", async (context) => {
    const { order_id, total_amount } = await context.req.json();
    if (total_amount > 1000) return context.json({ error: "Payment failed" }, 402);
    await store("charge", order_id, total_amount);
    return context.json({ payment_id: `payment_${order_id}` });
  });

  app.get("/payments/:order_id", async (context) => {
    const rows = await database
      .selectFrom("payments")
      .select(["kind", "amount"])
      .where("order_id", "=", context.req.param("order_id"))
      .execute();
    const paid = rows.reduce((sum, { kind, amount }) => sum + (kind === "charge" ? amount : -amount), 0);
    return context.json({ paid });
  });

  app.post("/refund", async (context) => {
    const { order_id, total_amount } = await context.req.json();
    await store("refund", order_id, total_amount);
    return context.json({ refunded: total_amount });
  });

  return app;
}
