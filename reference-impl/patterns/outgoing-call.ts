import type { CallerClock, CallService } from "../service-needs.ts";
import type { CircuitBreaker } from "./circuit-breaker.ts";

/** What became of one call of another service. */
export type CallOutcome =
  /** 2xx. `body` is the parsed JSON, null where there is none. */
  | { readonly kind: "done"; readonly status: number; readonly body: unknown }
  /** 4xx: certainly not done, and asking again would not help. */
  | { readonly kind: "refused"; readonly status: number; readonly body: unknown }
  /** It left, and no answer tells what became of it: it may have been done, or may yet be. */
  | { readonly kind: "unknown"; readonly reason: string }
  /** It never left: certainly not done; another time it may. */
  | { readonly kind: "not-sent"; readonly reason: string };

/** One request to another service. */
export interface OutgoingRequest {
  readonly method: "GET" | "POST" | "PUT";
  readonly url: string;
  readonly body?: unknown;
  /** Sent as `Idempotency-Key`. */
  readonly requestKey?: string;
}

/** What a caller needs. */
export interface CallerNeeds {
  readonly fetch: CallService;
  readonly clock: CallerClock;
}

/** A call with these bounds. */
export interface CallBounds {
  /** After so long the caller no longer waits. Null: it waits for as long as it takes. */
  readonly timeoutMs: number | null;
  readonly breaker?: CircuitBreaker;
}

const neverConnected: ReadonlySet<string> = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN"]);

/**
 * Calls another service once. Never rejects: what came of the call is sorted by what is certain about it.
 * With a breaker that is open nothing is sent.
 */
export async function outgoingCall(
  needs: CallerNeeds,
  request: OutgoingRequest,
  bounds: CallBounds,
): Promise<CallOutcome> {
  const { breaker } = bounds;
  if (breaker?.admit() === false) return { kind: "not-sent", reason: "circuit-open" };
  const outcome = await call(needs, request, bounds.timeoutMs);
  if (outcome.kind === "done" || outcome.kind === "refused") breaker?.succeeded();
  else breaker?.failed();
  return outcome;
}

async function call(
  needs: CallerNeeds,
  request: OutgoingRequest,
  timeoutMs: number | null,
): Promise<CallOutcome> {
  const headers: Record<string, string> = { "content-type": "application/json" };
  if (request.requestKey !== undefined) headers["idempotency-key"] = request.requestKey;
  try {
    const response = await needs.fetch(request.url, {
      method: request.method,
      headers,
      ...(timeoutMs === null ? {} : { signal: needs.clock.timeoutSignal(timeoutMs) }),
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    });
    const { status } = response;
    const body = parsed(await response.text());
    if (status >= 200 && status < 300) return { kind: "done", status, body };
    if (status >= 400 && status < 500) return { kind: "refused", status, body };
    return { kind: "unknown", reason: `http-${status}` };
  } catch (error) {
    const code = codeOf(error);
    return neverConnected.has(code) ? { kind: "not-sent", reason: code } : { kind: "unknown", reason: code };
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not every answer has a JSON body; its status says enough.
    return null;
  }
}

/** A short code of an error of `fetch`, whose own code is that of its cause. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "no-answer";
  if (error.name === "TimeoutError" || error.name === "AbortError") return "timeout";
  const { cause } = error;
  return cause instanceof Error && "code" in cause && typeof cause.code === "string"
    ? cause.code
    : "no-answer";
}
