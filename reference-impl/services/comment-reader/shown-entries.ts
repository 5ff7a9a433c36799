import type { EntryRow } from "../comments/entry-tables.ts";

/** Which of the entries that a reader has may be shown, given all of them, or an entry and its comment. */
export type ShowEntries = (entries: readonly EntryRow[]) => readonly EntryRow[];

/**
 * Holds a reply back until its comment is there: each author's entries come in their order, but those of two
 * authors come as they please.
 */
export const withTheirComments: ShowEntries = (entries) => {
  const ids = new Set(entries.map(({ id }) => id));
  return entries.filter(({ after_id }) => after_id === null || ids.has(after_id));
};
