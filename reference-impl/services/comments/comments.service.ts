import type { Hono } from "hono";
import type { Kysely } from "kysely";
import { announced, announcedOnce } from "../../patterns/announced-once.ts";
import type { Announcer } from "../../patterns/announcer.ts";
import { type Answer, errorAnswer, jsonAnswer, toResponse } from "../../patterns/answer.ts";
import { readBody, readRequestKey } from "../../patterns/bad-input.ts";
import { databasePart } from "../../patterns/database-part.ts";
import { eventMessage } from "../../patterns/event-message.ts";
import { hardenedOnce } from "../../patterns/hardened-once.ts";
import { storeAnswers } from "../../patterns/health-routes.ts";
import { addMessageRoute } from "../../patterns/message-route.ts";
import { oncePerRequestKey } from "../../patterns/once-per-request-key.ts";
import { serviceApp } from "../../patterns/service-app.ts";
import { nextSequence, type StreamTables } from "../../patterns/stream-sequence.ts";
import type { ServiceNeeds } from "../../service-needs.ts";
import { entrySchema, streamOf, topicOf } from "./entry-news.ts";
import type { CommentTables, EntryRow } from "./entry-tables.ts";

/**
 * Takes comments and replies. `POST /entries` stores an entry, or a new text of one's own, announces it, and
 * answers its place in its stream; needs an `Idempotency-Key` header.
 *
 * Errors: 400 bad input · 404 `no-such-comment` · 409 `not-yours` · 422 `request-key-reused` · 503
 * `unavailable` or `no-free-connection` (certainly not done) or `unknown-outcome` (may have been done).
 */
export function commentsApp(needs: ServiceNeeds<CommentTables>, announcer: Announcer): Hono {
  const once = announcedOnce(oncePerRequestKey<CommentTables>(needs, hardenedOnce()), announcer);
  const app = serviceApp(storeAnswers(needs.database));
  app.post("/entries", async (context) => {
    const key = readRequestKey(context.req.raw.headers);
    if (!key.good) return toResponse(key.answer);
    const body = await readBody(context.req.raw, entrySchema);
    if (!body.good) return toResponse(body.answer);
    const entry = body.value;
    const request = { key: key.value, fingerprint: `POST /entries ${JSON.stringify(entry)}` };
    const answer = await once(request, async (transaction) => {
      const refusal = await putEntry(transaction, entry);
      if (refusal !== null) return refusal;
      const stream = streamOf(entry);
      const streams = databasePart<StreamTables, CommentTables>(transaction);
      const sequence = await nextSequence(streams, stream);
      const message = eventMessage(stream, sequence, "entry.written", { ...entry });
      const stored = jsonAnswer(200, { id: entry.id, stream, sequence });
      return announced(stored, [{ topic: topicOf(entry), message }]);
    });
    return toResponse(answer);
  });
  addMessageRoute(app, needs);
  return app;
}

/** Stores an entry; null, or why not. What it replies to must be there, and what is there must be its author's. */
async function putEntry(transaction: Kysely<CommentTables>, entry: EntryRow): Promise<Answer | null> {
  const { id, author, after_id, text } = entry;
  if (after_id !== null) {
    const comment = await transaction
      .selectFrom("entries")
      .select("id")
      .where("id", "=", after_id)
      .executeTakeFirst();
    if (comment === undefined) return errorAnswer(404, "no-such-comment", `There is no comment ${after_id}.`);
  }
  const result = await transaction
    .insertInto("entries")
    .values(entry)
    .onConflict((conflict) =>
      conflict.column("id").doUpdateSet({ text }).where("entries.author", "=", author),
    )
    .executeTakeFirst();
  if (result.numInsertedOrUpdatedRows === 1n) return null;
  return errorAnswer(409, "not-yours", `Entry ${id} is somebody else's.`);
}
