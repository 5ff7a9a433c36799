import type { Hono } from "hono";
import { toResponse } from "../../patterns/answer.ts";
import { readBody, readId, readRequestKey } from "../../patterns/bad-input.ts";
import type { OncePerRequestKey } from "../../patterns/once-per-request-key.ts";
import { undoOnce } from "../../patterns/undo-once.ts";
import type { WithdrawRequest } from "../../patterns/withdraw-request.ts";
import type { InventoryTables } from "./inventory-tables.ts";
import { reservationSchema, shipmentSchema } from "./reservation-input.ts";
import {
  type ReservationTools,
  releaseOrder,
  reserveOrder,
  returnOrder,
  shipOrder,
} from "./reservation-store.ts";

/**
 * What can be done for a whole order: `POST /reservations` and `POST /shipments`, and what takes them back,
 * `POST /reservations/:orderId/release` and `POST /shipments/:orderId/return`. Each needs an
 * `Idempotency-Key` header; what takes back names in `undoes` the key of what it takes back.
 */
export function addReservationRoutes(
  app: Hono,
  once: OncePerRequestKey<InventoryTables>,
  withdraw: WithdrawRequest,
  tools: ReservationTools,
): void {
  const undo = undoOnce(once, withdraw);

  app.post("/reservations", async (context) => {
    const key = readRequestKey(context.req.raw.headers);
    if (!key.good) return toResponse(key.answer);
    const body = await readBody(context.req.raw, reservationSchema);
    if (!body.good) return toResponse(body.answer);
    const request = { key: key.value, fingerprint: `POST /reservations ${JSON.stringify(body.value)}` };
    return toResponse(await once(request, (transaction) => reserveOrder(transaction, body.value, tools)));
  });

  app.post("/shipments", async (context) => {
    const key = readRequestKey(context.req.raw.headers);
    if (!key.good) return toResponse(key.answer);
    const body = await readBody(context.req.raw, shipmentSchema);
    if (!body.good) return toResponse(body.answer);
    const { orderId } = body.value;
    const request = { key: key.value, fingerprint: `POST /shipments ${orderId}` };
    return toResponse(await once(request, (transaction) => shipOrder(transaction, orderId, tools)));
  });

  for (const [route, name, work] of [
    ["/reservations/:orderId/release", "release", releaseOrder],
    ["/shipments/:orderId/return", "return", returnOrder],
  ] as const) {
    app.post(route, async (context) => {
      const id = readId(context.req.param("orderId"));
      if (!id.good) return toResponse(id.answer);
      return toResponse(
        await undo(context.req.raw, `${name} of ${id.value}`, (transaction) =>
          work(transaction, id.value, tools),
        ),
      );
    });
  }
}
