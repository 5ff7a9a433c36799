import type { Kysely } from "kysely";
import { toResponse } from "../../patterns/answer.ts";
import { readBody, readRequestKey } from "../../patterns/bad-input.ts";
import { storeAnswers } from "../../patterns/health-routes.ts";
import { type OncePerRequestKeyParts, oncePerRequestKey } from "../../patterns/once-per-request-key.ts";
import { independentCopies } from "../../patterns/request-copies.ts";
import { type RunningService, runningService } from "../../patterns/running-service.ts";
import { serviceApp } from "../../patterns/service-app.ts";
import type { LedgerNeeds, ServiceNeeds } from "../../service-needs.ts";
import type { NoticeTables } from "./notices/notice-tables.ts";
import { addNoticeRoutes } from "./notices/notices.service.ts";
import { newNotificationSchema } from "./notification-input.ts";
import { insertNotification, type NotificationLedgerTables } from "./notification-ledger.ts";

/** The part of a notification service that makes notices of what it hears, at work. */
export interface Noticing {
  /** The service's database, which has these tables, too. */
  readonly database: Kysely<NoticeTables>;
  /** Ends it. */
  stop(): Promise<void>;
}

/**
 * What customers are told. `POST /notifications` stores one; it needs an `Idempotency-Key` header. One that hears of
 * orders has the routes of `noticesApp`, too.
 *
 * Errors: 400 bad input · 422 `request-key-reused` · 503 `unavailable` or `no-free-connection` (a read) or
 * `unknown-outcome` (may have been done).
 */
export function notificationService(
  needs: ServiceNeeds<NotificationLedgerTables> & LedgerNeeds,
  mechanisms: OncePerRequestKeyParts,
  noticing?: Noticing,
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

  if (noticing !== undefined) addNoticeRoutes(app, { ...needs, database: noticing.database });
  return runningService(app, {
    stopWork: async () => await noticing?.stop(),
    closeClients: () => database.destroy(),
  });
}
