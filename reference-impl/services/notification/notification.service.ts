import { toResponse } from "../../patterns/answer.ts";
import { readBody, readRequestKey } from "../../patterns/bad-input.ts";
import { storeAnswers } from "../../patterns/health-routes.ts";
import { type OncePerRequestKeyParts, oncePerRequestKey } from "../../patterns/once-per-request-key.ts";
import { independentCopies } from "../../patterns/request-copies.ts";
import { type RunningService, runningService } from "../../patterns/running-service.ts";
import { serviceApp } from "../../patterns/service-app.ts";
import type { LedgerNeeds, ServiceNeeds } from "../../service-needs.ts";
import { newNotificationSchema } from "./notification-input.ts";
import { insertNotification, type NotificationLedgerTables } from "./notification-ledger.ts";

/**
 * What customers are told. `POST /notifications` stores one; it needs an `Idempotency-Key` header.
 *
 * Errors: 400 bad input · 422 `request-key-reused` · 503 `unknown-outcome` (may have been done).
 */
export function notificationService(
  needs: ServiceNeeds<NotificationLedgerTables> & LedgerNeeds,
  mechanisms: OncePerRequestKeyParts,
): RunningService {
  const { database } = needs;
  const once = oncePerRequestKey(needs, mechanisms, independentCopies);
  const app = serviceApp(storeAnswers(database));

  app.post("/notifications", async (context) => {
    const key = readRequestKey(context.req.raw.headers);
    if (!key.good) return toResponse(key.answer);
    const body = await readBody(context.req.raw, newNotificationSchema);
    if (!body.good) return toResponse(body.answer);
    const request = { key: key.value, fingerprint: `POST /notifications ${JSON.stringify(body.value)}` };
    return toResponse(
      await once(request, (transaction) =>
        insertNotification(transaction, body.value, { id: needs.newId(), atUs: needs.nowUs() }),
      ),
    );
  });

  return runningService(app, { closeClients: () => database.destroy() });
}
