import { jsonAnswer, toResponse } from "../../patterns/answer.ts";
import { readBody, readId, readRequestKey } from "../../patterns/bad-input.ts";
import { storeAnswers } from "../../patterns/health-routes.ts";
import { oncePerRequestKey } from "../../patterns/once-per-request-key.ts";
import type { ParticipantMechanisms } from "../../patterns/participant-mechanisms.ts";
import { readStore } from "../../patterns/read-store.ts";
import { independentCopies } from "../../patterns/request-copies.ts";
import { type RunningService, runningService } from "../../patterns/running-service.ts";
import { serviceApp } from "../../patterns/service-app.ts";
import { undoOnce } from "../../patterns/undo-once.ts";
import type { LedgerNeeds, ServiceNeeds } from "../../service-needs.ts";
import { newPaymentSchema } from "./payment-input.ts";
import { charge, type LedgerEntry, paidAmount, refund } from "./payment-store.ts";
import type { PaymentTables } from "./payment-tables.ts";

/**
 * Money taken for orders, in a ledger. `POST /payments` takes, `POST /payments/:orderId/refund` gives back
 * all of it, `GET /payments/:orderId` says what is paid. What changes something needs an `Idempotency-Key`
 * header; a refund names in `undoes` the key of the payment that it takes back.
 *
 * Errors: 400 bad input · 409 `payment-refused` or `withdrawn` · 422 `request-key-reused` · 503
 * `unavailable` or `no-free-connection` (a read) or `unknown-outcome` (may have been done).
 */
export function paymentService(
  needs: ServiceNeeds<PaymentTables> & LedgerNeeds,
  mechanisms: ParticipantMechanisms,
): RunningService {
  const { database } = needs;
  const entry = (): LedgerEntry => ({ id: needs.newId(), atUs: needs.nowUs() });
  const once = oncePerRequestKey(needs, mechanisms, independentCopies);
  const undo = undoOnce<PaymentTables>(once, mechanisms.withdraw);
  const app = serviceApp(storeAnswers(database));

  app.post("/payments", async (context) => {
    const key = readRequestKey(context.req.raw.headers);
    if (!key.good) return toResponse(key.answer);
    const body = await readBody(context.req.raw, newPaymentSchema);
    if (!body.good) return toResponse(body.answer);
    const request = { key: key.value, fingerprint: `POST /payments ${JSON.stringify(body.value)}` };
    return toResponse(await once(request, (transaction) => charge(transaction, body.value, entry())));
  });

  app.get("/payments/:orderId", async (context) => {
    const id = readId(context.req.param("orderId"));
    if (!id.good) return toResponse(id.answer);
    return toResponse(
      await readStore(needs, async () =>
        jsonAnswer(200, { orderId: id.value, paid: await paidAmount(database, id.value) }),
      ),
    );
  });

  app.post("/payments/:orderId/refund", async (context) => {
    const id = readId(context.req.param("orderId"));
    if (!id.good) return toResponse(id.answer);
    return toResponse(
      await undo(context.req.raw, `refund of ${id.value}`, (transaction) =>
        refund(transaction, id.value, entry()),
      ),
    );
  });

  return runningService(app, { closeClients: () => database.destroy() });
}
