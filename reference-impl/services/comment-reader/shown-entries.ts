import type { EntryRow } from "../comments/entry-tables.ts";

/** Which of the entries that a reader has may be shown, given all of them, or an entry and its comment. */
export type ShowEntries = (entries: readonly EntryRow[]) => readonly EntryRow[];

/**
 * Holds a reply back until its comment is there: an author's comments come in their order, and so do an author's
 * replies, but a reply and the comment that it answers come in two topics, either of which may be behind.
 */
export const withTheirComments: ShowEntries = (entries) => {
  const ids = new Set(entries.map(({ id }) => id));
  return entries.filter(({ after_id }) => after_id === null || ids.has(after_id));
};
