import * as v from "valibot";
import { idSchema } from "../../patterns/bad-input.ts";
import { type EventData, MalformedMessage } from "../../patterns/event-message.ts";
import type { EntryRow } from "./entry-tables.ts";

/** The topics that entries are announced in: comments in one, replies in the other. */
export const entryTopics = { comments: "comments", replies: "replies" } as const;

const textSchema = v.pipe(v.string(), v.minLength(1, "is empty"), v.maxLength(500, "is too long"));

/** The body of `POST /entries`: a new entry, or a new text for one's own. */
export const entrySchema: v.GenericSchema<unknown, EntryRow> = v.strictObject({
  id: idSchema,
  author: idSchema,
  after_id: v.nullable(idSchema),
  text: textSchema,
});

/** What a message about an entry tells: its whole state. Throws `MalformedMessage`. */
export function readEntryNews(body: EventData): EntryRow {
  const parsed = v.safeParse(entrySchema, body);
  if (parsed.success) return parsed.output;
  throw new MalformedMessage(`${v.getDotPath(parsed.issues[0]) ?? "body"}: ${parsed.issues[0].message}`);
}

/** The topic of an entry. */
export function topicOf({ after_id }: EntryRow): string {
  return after_id === null ? entryTopics.comments : entryTopics.replies;
}

/** The stream of an entry: an author's comments keep their order, and so do an author's replies. */
export function streamOf(entry: EntryRow): string {
  return `${topicOf(entry)}/${entry.author}`;
}
