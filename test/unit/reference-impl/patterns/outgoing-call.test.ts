import { describe, expect, test } from "vitest";
import type { CircuitBreaker } from "../../../../reference-impl/patterns/circuit-breaker.ts";
import { type CallBounds, outgoingCall } from "../../../../reference-impl/patterns/outgoing-call.ts";
import type { CallService } from "../../../../reference-impl/service-needs.ts";

const request = { method: "POST" as const, url: "http://payment/payments", body: { a: 1 }, requestKey: "k" };

function call(fetch: CallService, bounds: CallBounds = { timeoutMs: 10 }) {
  const clock = {
    nowMs: () => 0,
    monotonicNs: () => 0,
    sleep: () => Promise.resolve(),
    timeoutSignal: () => AbortSignal.abort(new DOMException("", "TimeoutError")),
  };
  return outgoingCall({ fetch, clock }, request, bounds);
}

/** An error as `fetch` throws it. */
function fetchError(code: string): TypeError {
  return new TypeError("fetch failed", { cause: Object.assign(new Error(code), { code }) });
}

const answer =
  (status: number, body = "{}") =>
  () =>
    Promise.resolve(new Response(body, { status }));
const failure = (error: unknown) => () => Promise.reject(error);

/** A breaker that notes what it is told. */
function noting(open: boolean): CircuitBreaker & { notes: string[] } {
  const notes: string[] = [];
  return {
    notes,
    state: open ? "open" : "closed",
    admit: () => !open,
    succeeded: () => void notes.push("succeeded"),
    failed: () => void notes.push("failed"),
  };
}

describe("an outgoing call", () => {
  test("is sorted by what is certain about it", async () => {
    expect(await call(answer(201, '{"x":1}'))).toEqual({ kind: "done", status: 201, body: { x: 1 } });
    expect(await call(answer(409, "no JSON"))).toEqual({ kind: "refused", status: 409, body: null });
    expect(await call(answer(503))).toEqual({ kind: "unknown", reason: "http-503" });
    expect(await call(failure(fetchError("ECONNRESET")))).toEqual({ kind: "unknown", reason: "ECONNRESET" });
    expect(await call(failure(fetchError("ECONNREFUSED")))).toEqual({
      kind: "not-sent",
      reason: "ECONNREFUSED",
    });
    expect(await call(failure("whatever"))).toEqual({ kind: "unknown", reason: "no-answer" });
  });

  test("is given up after its time, and without one has no signal", async () => {
    const abortable: CallService = (_url, init) =>
      init?.signal?.aborted ? Promise.reject(init.signal.reason) : Promise.resolve(new Response("{}"));
    expect(await call(abortable)).toEqual({ kind: "unknown", reason: "timeout" });
    expect(await call(abortable, { timeoutMs: null })).toMatchObject({ kind: "done" });
  });

  test("carries its request key", async () => {
    let sent: RequestInit | undefined;
    await call((_url, init) => {
      sent = init;
      return Promise.resolve(new Response("{}"));
    });
    expect(sent).toMatchObject({ method: "POST", headers: { "idempotency-key": "k" }, body: '{"a":1}' });
  });

  test("is not sent while the breaker is open", async () => {
    let sent = 0;
    const outcome = await call(
      () => {
        sent++;
        return Promise.resolve(new Response("{}"));
      },
      { timeoutMs: 10, breaker: noting(true) },
    );
    expect(outcome).toEqual({ kind: "not-sent", reason: "circuit-open" });
    expect(sent).toBe(0);
  });

  test("tells the breaker of trouble, which a refusal is not", async () => {
    const breaker = noting(false);
    for (const fetch of [answer(200), answer(404), answer(500), failure(fetchError("ECONNREFUSED"))]) {
      await call(fetch, { timeoutMs: 10, breaker });
    }
    expect(breaker.notes).toEqual(["succeeded", "succeeded", "failed", "failed"]);
  });
});
