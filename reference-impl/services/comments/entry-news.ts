import * as v from "valibot";
import { idSchema } from "../../patterns/bad-input.ts";
import { type EventData, MalformedMessage } from "../../patterns/event-message.ts";
import type { EntryRow } from "./entry-tables.ts";

/** The topic that entries are announced in. */
export const entryTopic = "entries";

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

/** The stream of an author's entries: what one author writes is seen in the order in which it was written. */
export function streamOfAuthor(author: string): string {
  return `author/${author}`;
}
