import type { Hono } from "hono";
import { toResponse } from "../../patterns/answer.ts";
import { readBody, readId, readRequestKey } from "../../patterns/bad-input.ts";
import { storeAnswers } from "../../patterns/health-routes.ts";
import { readStore } from "../../patterns/read-store.ts";
import { type RunningService, runningService } from "../../patterns/running-service.ts";
import { serviceApp } from "../../patterns/service-app.ts";
import { leaseRequestSchema, reportBodySchema } from "./report-input.ts";
import { type ReportLeases, type ReportWriterNeeds, reportLeases } from "./report-leases.ts";
import { findReport } from "./report-store.ts";
import type { ReportWriterMechanisms } from "./report-writer-mechanisms.ts";

/**
 * Writes reports, each under a lock that all writers share. `POST /leases` takes the lock of a report,
 * `PUT /leases/:id/report` works on the report and stores it (needs an `Idempotency-Key` header),
 * `POST /leases/:id/release` gives the lock back, `GET /reports/:id` reads.
 *
 * Errors: 400 bad input · 404 `not-found`, `no-such-lease` (not of this process) · 409 `locked` (somebody
 * has it), `lease-lost` (it expired), `stale-token` (the store has seen a newer holder) · 422
 * `request-key-reused` · 503 `unavailable` or `no-free-connection` (certainly not done) or
 * `unknown-outcome` (may have been done).
 */
export function reportWriterService(
  needs: ReportWriterNeeds,
  mechanisms: ReportWriterMechanisms,
): RunningService {
  return reportWriterOn(needs, reportLeases(needs, mechanisms));
}

/** The service on top of whatever takes leases: the same for all forms. */
export function reportWriterOn(needs: ReportWriterNeeds, leases: ReportLeases): RunningService {
  const { database, redis } = needs;
  const app = serviceApp(storeAnswers(database));
  addLeaseRoutes(app, leases);
  app.get("/reports/:id", async (context) => {
    const id = readId(context.req.param("id"));
    if (!id.good) return toResponse(id.answer);
    return toResponse(await readStore(needs, () => findReport(database, id.value)));
  });
  return runningService(app, {
    closeClients: async () => {
      await redis.close();
      await database.destroy();
    },
  });
}

function addLeaseRoutes(app: Hono, leases: ReportLeases): void {
  app.post("/leases", async (context) => {
    const body = await readBody(context.req.raw, leaseRequestSchema);
    return toResponse(body.good ? await leases.take(body.value) : body.answer);
  });

  app.put("/leases/:id/report", async (context) => {
    const id = readId(context.req.param("id"));
    if (!id.good) return toResponse(id.answer);
    const key = readRequestKey(context.req.raw.headers);
    if (!key.good) return toResponse(key.answer);
    const body = await readBody(context.req.raw, reportBodySchema);
    if (!body.good) return toResponse(body.answer);
    return toResponse(await leases.write(id.value, key.value, body.value.value));
  });

  app.post("/leases/:id/release", async (context) => {
    const id = readId(context.req.param("id"));
    return toResponse(id.good ? await leases.release(id.value) : id.answer);
  });
}
