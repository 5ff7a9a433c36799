import { Hono } from "hono";
import type { LedgerNeeds, ServiceNeeds } from "../service-needs.ts";
import type { NotificationLedgerTables } from "../services/notification/notification-ledger.ts";

/** The seed's notification step as a service: every request is a message to the customer. */
export function textbookNotificationService(
  needs: ServiceNeeds<NotificationLedgerTables> & LedgerNeeds,
): Hono {
  const { database, newId, nowUs } = needs;
  const app = new Hono();
  app.onError((_error, context) => context.json({ error: "Internal Server Error" }, 500));

  app.post("/notify", async (context) => {
    const { order_id, customer_id, text } = await context.req.json();
    await database
      .insertInto("notifications")
      .values({ id: newId(), order_id, customer_id, text, at: nowUs() })
      .execute();
    return context.json({ sent: true });
  });

  return app;
}
