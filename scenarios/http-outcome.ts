import { fieldOf } from "../checkers/history/json-value.ts";
import type { Json } from "../checkers/history/operation.ts";
import type { Outcome } from "../harness/run/outcome.ts";
import type { Client } from "../harness/run/scenario.ts";

/** What became of one HTTP request, as its caller sees it. */
export type Exchange =
  /** The service answered. */
  | { readonly kind: "answered"; readonly status: number; readonly body: Json }
  /** No connection came about: the request certainly reached nobody. */
  | { readonly kind: "refused"; readonly code: string }
  /** The request left and no answer came: it may have been carried out, or may yet be. */
  | { readonly kind: "lost"; readonly code: string };

/** A request of a client. */
export interface ClientRequest {
  readonly method: "GET" | "POST" | "PUT";
  readonly url: string;
  readonly body?: Json;
  /** Sent as `Idempotency-Key`. */
  readonly requestKey?: string;
  /** Ends the wait for an answer. */
  readonly signal: AbortSignal;
}

const neverConnected: ReadonlySet<string> = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN"]);

/** Sends a request and waits for its end. Rejects only when the harness itself is at fault. */
export async function send(client: Client, request: ClientRequest): Promise<Exchange> {
  const headers: Record<string, string> = { "content-type": "application/json" };
  if (request.requestKey !== undefined) headers["idempotency-key"] = request.requestKey;
  try {
    const response = await client.fetch(request.url, {
      method: request.method,
      headers,
      signal: request.signal,
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    });
    return { kind: "answered", status: response.status, body: parseBody(await response.text()) };
  } catch (error) {
    const code = connectionCode(error);
    if (code === null) throw error;
    return neverConnected.has(code) ? { kind: "refused", code } : { kind: "lost", code };
  }
}

/**
 * Sends a request; if its outcome stays open, once more with the same request key. Then only an answer
 * that is stored under the key (done, or refused for good) says something about both copies.
 */
export async function sendUntilDecided(client: Client, request: ClientRequest): Promise<Exchange> {
  const first = await send(client, request);
  if (isDecided(first) || request.signal.aborted) return first;
  const second = await send(client, request);
  if (second.kind === "answered" && second.status < 500) return second;
  return { kind: "lost", code: codeOf(first) };
}

/** The outcome of a read: `ok` with what it shows, else `fail`, since a read that is lost changed nothing. */
export function readOutcome(exchange: Exchange, show: (body: Json) => Json): Outcome {
  if (exchange.kind === "answered") {
    if (exchange.status === 200) return { type: "ok", value: show(exchange.body) };
    if (exchange.status === 404) return { type: "ok", value: null };
  }
  return { type: "fail", error: { code: codeOf(exchange) } };
}

/**
 * The outcome of a write. 2xx: `ok`. 4xx, 503 `unavailable` and `no-free-connection`, refused connection: `fail`.
 * Whatever else, 503 `unknown-outcome` and a lost answer above all: `info`.
 */
export function writeOutcome(exchange: Exchange, show: (body: Json) => Json): Outcome {
  if (exchange.kind === "answered" && exchange.status >= 200 && exchange.status < 300) {
    return { type: "ok", value: show(exchange.body) };
  }
  return { type: isDecided(exchange) ? "fail" : "info", error: { code: codeOf(exchange) } };
}

/** The services' codes for "certainly not done", of answers that are no 4xx. */
const notDone: ReadonlySet<string> = new Set(["unavailable", "no-free-connection"]);

/** Is it certain whether the request was carried out? */
function isDecided(exchange: Exchange): boolean {
  if (exchange.kind === "refused") return true;
  if (exchange.kind === "lost") return false;
  return exchange.status < 500 || notDone.has(errorCode(exchange.body) ?? "");
}

/** A short code for the history: the service's own where it gave one. */
function codeOf(exchange: Exchange): string {
  if (exchange.kind !== "answered") return exchange.code;
  return errorCode(exchange.body) ?? statusCodes.get(exchange.status) ?? `http-${exchange.status}`;
}

const statusCodes: ReadonlyMap<number, string> = new Map([
  [404, "not-found"],
  [409, "conflict"],
]);

function errorCode(body: Json): string | null {
  const code = fieldOf(fieldOf(body, "error"), "code");
  return typeof code === "string" ? code : null;
}

function parseBody(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    // Not every 5xx has a JSON body; its status says enough.
    return null;
  }
}

/** The code of a connection error in the shape of Node's `fetch`, or null when it is none. */
function connectionCode(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  if (error.name === "TimeoutError" || error.name === "AbortError") return "client-timeout";
  const { cause } = error;
  if (!(cause instanceof Error) || !("code" in cause)) return null;
  return typeof cause.code === "string" ? cause.code : null;
}
