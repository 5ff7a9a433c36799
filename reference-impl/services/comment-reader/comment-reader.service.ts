import type { Hono } from "hono";
import type { Kysely } from "kysely";
import * as v from "valibot";
import { type Answer, errorAnswer, jsonAnswer, toResponse } from "../../patterns/answer.ts";
import { readId } from "../../patterns/bad-input.ts";
import { databasePart } from "../../patterns/database-part.ts";
import { createConsumerTables } from "../../patterns/event-tables.ts";
import { storeAnswers } from "../../patterns/health-routes.ts";
import type { ConsumerTables, Effect } from "../../patterns/idempotent-consumer.ts";
import { countHandled } from "../../patterns/message-counts.ts";
import { readStore } from "../../patterns/read-store.ts";
import { serviceApp } from "../../patterns/service-app.ts";
import {
  createPositionTable,
  haveReached,
  notePosition,
  type PositionTables,
  positionsSchema,
  readPositions,
  type StreamPositions,
} from "../../patterns/stream-positions.ts";
import type { ServiceNeeds } from "../../service-needs.ts";
import { readEntryNews } from "../comments/entry-news.ts";
import { createEntryTable, type EntryRow } from "../comments/entry-tables.ts";
import type { ShowEntries } from "./shown-entries.ts";

/** The tables of a read model of comments. */
export interface CommentReaderTables extends ConsumerTables, PositionTables {
  entries: EntryRow;
}

/** Creates them. */
export async function createCommentReaderTables(database: Kysely<unknown>): Promise<void> {
  await createEntryTable(database);
  await createPositionTable(database);
  await createConsumerTables(database);
}

/** Stores an entry as its message tells it, and how far the stream is: both or neither. */
export const applyEntry: Effect<CommentReaderTables> = async (transaction, message) => {
  const entry = readEntryNews(message.body);
  await transaction
    .insertInto("entries")
    .values(entry)
    .onConflict((conflict) => conflict.column("id").doUpdateSet({ text: entry.text }))
    .execute();
  const positions = databasePart<PositionTables, CommentReaderTables>(transaction);
  await notePosition(positions, message.stream, message.sequence);
  return async () => {};
};

/** How long a read waits for its session's entries to arrive, in steps. */
const waitsMs: readonly number[] = [10, 30, 60];

/**
 * Shows comments and replies. `GET /entries` lists them, `GET /entries/:id` shows one, `GET /messages` counts
 * the messages. With `?seen=` (positions as JSON) it waits until it has what the session has seen, for a
 * bounded time. Each answer tells in `seen` how far a session is that has it.
 *
 * Errors: 400 bad input · 404 `not-found` · 503 `behind` (not there in time), `unavailable` or
 * `no-free-connection`.
 */
export function commentReaderApp(needs: ServiceNeeds<CommentReaderTables>, show: ShowEntries): Hono {
  const { database } = needs;
  const app = serviceApp(storeAnswers(database));
  const answer = async (query: string | undefined, read: () => Promise<object | null>): Promise<Answer> => {
    const seen = readSeen(query);
    if (seen === null) return errorAnswer(400, "bad-positions", "seen: is no JSON of positions");
    return await readStore(needs, async () => {
      if (!(await isThere(needs, seen)))
        return errorAnswer(503, "behind", "Not everything seen is here yet.");
      const found = await read();
      const positions = await readPositions(databasePart<PositionTables, CommentReaderTables>(database));
      if (found === null) return errorAnswer(404, "not-found", "There is no such entry.");
      return jsonAnswer(200, { ...found, seen: positions });
    });
  };
  app.get("/entries", async (context) => {
    const entries = async () => ({
      entries: show(await database.selectFrom("entries").selectAll().orderBy("id").execute()),
    });
    return toResponse(await answer(context.req.query("seen"), entries));
  });
  app.get("/entries/:id", async (context) => {
    const id = readId(context.req.param("id"));
    if (!id.good) return toResponse(id.answer);
    return toResponse(await answer(context.req.query("seen"), () => findEntry(database, show, id.value)));
  });
  app.get("/messages", async () =>
    toResponse(
      await readStore(needs, async () => jsonAnswer(200, { handled: await countHandled(database) })),
    ),
  );
  return app;
}

function readSeen(query: string | undefined): StreamPositions | null {
  try {
    const parsed = v.safeParse(positionsSchema, JSON.parse(query ?? "{}"));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}

async function isThere(
  { database, clock }: ServiceNeeds<CommentReaderTables>,
  seen: StreamPositions,
): Promise<boolean> {
  const positions = databasePart<PositionTables, CommentReaderTables>(database);
  for (const waitMs of waitsMs) {
    if (haveReached(await readPositions(positions), seen)) return true;
    await clock.sleep(waitMs);
  }
  return haveReached(await readPositions(positions), seen);
}

async function findEntry(
  database: Kysely<CommentReaderTables>,
  show: ShowEntries,
  id: string,
): Promise<EntryRow | null> {
  const find = (entry: string): Promise<EntryRow | undefined> =>
    database.selectFrom("entries").selectAll().where("id", "=", entry).executeTakeFirst();
  const entry = await find(id);
  if (entry === undefined) return null;
  const comment = entry.after_id === null ? undefined : await find(entry.after_id);
  return show(comment === undefined ? [entry] : [comment, entry]).find((shown) => shown.id === id) ?? null;
}
