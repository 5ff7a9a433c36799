import type { Context, Hono } from "hono";
import * as v from "valibot";
import { type Answer, errorAnswer, jsonAnswer, toResponse } from "../../patterns/answer.ts";
import { readId, readRequestKey, refuseLongBody } from "../../patterns/bad-input.ts";
import { type CallLog, callLog } from "../../patterns/call-log.ts";
import { type CallerNeeds, type CallOutcome, outgoingCall } from "../../patterns/outgoing-call.ts";
import { type RunningService, runningService } from "../../patterns/running-service.ts";
import { serviceApp } from "../../patterns/service-app.ts";
import { unavailable, unknownOutcome } from "../../patterns/store-trouble.ts";
import { laterPositions, positionsSchema } from "../../patterns/stream-positions.ts";
import type { RecordSeen } from "../../service-needs.ts";
import type { BlogMechanisms } from "./blog-mechanisms.ts";
import { type BlogSession, blogSessionHeader, type FailOver, readBlogSession } from "./blog-session.ts";

/** What the blog is given when it starts. */
export interface BlogNeeds extends CallerNeeds {
  readonly random: () => number;
  readonly newId: () => string;
  readonly record: RecordSeen;
  /** Name of the service that takes comments. */
  readonly comments: string;
  /** Names of the services that show them. */
  readonly readers: readonly [string, ...string[]];
}

/** How the blog places a session, and under which key it writes. */
export interface BlogPlacing {
  /** Where a request is served; null: a session begins. */
  readonly place: (session: BlogSession | null, readers: number, random: () => number) => BlogSession;
  readonly failOver: FailOver;
  readonly keyOfAttempt: BlogMechanisms["keyOfAttempt"];
}

const callMs = 500;
const writeAttempts = 2;
const placeSchema = v.object({ stream: v.string(), sequence: v.number() });
const seenSchema = v.object({ seen: positionsSchema });

/** A session stays with its reader. */
export const stickyPlace: BlogPlacing["place"] = (session, readers, random) =>
  session !== null && session.reader < readers
    ? session
    : { reader: Math.floor(random() * readers), seen: session?.seen ?? {} };

/**
 * The way in to a blog's comments: writes go to the service that takes them, reads to one of those that show
 * them, the same one as long as it answers. `POST /entries`, `GET /entries`, `GET /entries/:id` as these have
 * them. Each answer carries a `blog-session` header, which the client sends back. Keeps nothing itself.
 *
 * Errors: those of the services behind it · 503 `unavailable` (nobody can show it now) or `unknown-outcome`.
 */
export function blogService(needs: BlogNeeds, placing: BlogPlacing): RunningService {
  const { readers, random } = needs;
  const calls = callLog(needs);
  const write = entryWriter(needs, calls, placing);
  const app: Hono = serviceApp();
  const begin = ({ req }: Context): BlogSession =>
    placing.place(readBlogSession(req.raw.headers), readers.length, random);

  const read = async (context: Context, path: string): Promise<Response> => {
    const session = begin(context);
    const trace = calls(`blog${path}`);
    for (let turn = 0; turn < readers.length; turn++) {
      const reader = (session.reader + turn) % readers.length;
      const placed = turn === 0 ? session : placing.failOver(session, reader);
      const query = `seen=${encodeURIComponent(JSON.stringify(placed.seen))}`;
      const url = `http://${readers[reader]}${path}?${query}`;
      const outcome = await outgoingCall(needs, { method: "GET", url }, { timeoutMs: callMs });
      trace.attempt(outcome.kind);
      if (outcome.kind !== "done" && outcome.kind !== "refused") continue;
      trace.end();
      if (outcome.kind === "refused") return respond(passedOn(outcome), placed);
      const told = v.safeParse(seenSchema, outcome.body);
      const seen = told.success ? laterPositions(placed.seen, told.output.seen) : placed.seen;
      return respond(passedOn(outcome), { reader, seen });
    }
    trace.end();
    return respond(unavailable(), session);
  };

  app.get("/entries", (context) => read(context, "/entries"));
  app.get("/entries/:id", (context) => {
    const id = readId(context.req.param("id"));
    return id.good ? read(context, `/entries/${id.value}`) : toResponse(id.answer);
  });
  app.post("/entries", async (context) => {
    const session = begin(context);
    const key = readRequestKey(context.req.raw.headers);
    if (!key.good) return toResponse(key.answer);
    const refusal = refuseLongBody(context.req.raw);
    if (refusal !== null) return toResponse(refusal);
    const outcome = await write(key.value, await bodyOf(context.req.raw));
    if (outcome.kind === "unknown") return respond(unknownOutcome(), session);
    if (outcome.kind === "not-sent") return respond(unavailable(), session);
    const told = v.safeParse(placeSchema, outcome.body);
    const written = told.success ? { [told.output.stream]: told.output.sequence } : {};
    return respond(passedOn(outcome), { ...session, seen: laterPositions(session.seen, written) });
  });

  return runningService(app, { closeClients: async () => {} });
}

/** Sends an entry to the service that takes it, once more while its outcome is open; then an earlier attempt decides. */
function entryWriter(needs: BlogNeeds, calls: CallLog, { keyOfAttempt }: BlogPlacing) {
  return async (key: string, body: unknown): Promise<CallOutcome> => {
    const trace = calls(`blog/entries/${key}`);
    const url = `http://${needs.comments}/entries`;
    let open: CallOutcome | null = null;
    let outcome: CallOutcome = { kind: "not-sent", reason: "not tried" };
    for (let attempt = 1; attempt <= writeAttempts; attempt++) {
      const request = { method: "POST", url, body, requestKey: keyOfAttempt(key, attempt) } as const;
      outcome = await outgoingCall(needs, request, { timeoutMs: callMs });
      trace.attempt(outcome.kind);
      if (outcome.kind === "done" || outcome.kind === "refused") break;
      if (outcome.kind === "unknown") open = outcome;
    }
    trace.end();
    return outcome.kind === "not-sent" ? (open ?? outcome) : outcome;
  };
}

async function bodyOf(request: Request): Promise<unknown> {
  try {
    return JSON.parse(await request.text());
  } catch {
    // The service behind says what is wrong with it.
    return null;
  }
}

function passedOn(outcome: { readonly status: number; readonly body: unknown }): Answer {
  if (outcome.body === null) return errorAnswer(502, "no-body", "The service behind gave no body.");
  return jsonAnswer(outcome.status, outcome.body);
}

function respond(answer: Answer, session: BlogSession): Response {
  const response = toResponse(answer);
  response.headers.set(blogSessionHeader, JSON.stringify(session));
  return response;
}
