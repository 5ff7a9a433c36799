import { createFormatReader } from "../../checkers/formats/create-format-reader.ts";
import type { HistoryFormat } from "../../checkers/formats/format-names.ts";
import type { ForeignReaderOptions } from "../../checkers/formats/transcript-reader.ts";
import { eventsOf } from "../../checkers/history/event-at.ts";
import type { History } from "../../checkers/history/history.ts";
import type { HistoryEvent } from "../../checkers/history/operation.ts";
import type { ReadHistoryResult } from "../../checkers/history/reader-types.ts";

/** Reads a text in pieces of that many units. */
export function readFormat(
  format: HistoryFormat,
  text: string | Uint8Array,
  options: ForeignReaderOptions = {},
  piece: number = 1 << 16,
): ReadHistoryResult {
  const reader = createFormatReader(format, { file: "given", ...options });
  for (let at = 0; at < text.length; at += piece) reader.push(text.slice(at, at + piece));
  return reader.end();
}

/** The history of a text that must be readable. */
export function historyIn(
  format: HistoryFormat,
  text: string | Uint8Array,
  options: ForeignReaderOptions = {},
): History {
  const result = readFormat(format, text, options);
  if (result.ok) return result.history;
  throw new Error(JSON.stringify(result.errors));
}

/** Its events, without the times that the file does not have. */
export function eventsIn(
  format: HistoryFormat,
  text: string,
  options: ForeignReaderOptions = {},
): Partial<HistoryEvent>[] {
  return [...eventsOf(historyIn(format, text, options))].map(({ time: _, ...event }) => event);
}

/** The codes of what was wrong (`errors`) or decided (`warnings`). */
export function codesOf(result: ReadHistoryResult): { errors: string[]; warnings: string[] } {
  return {
    errors: result.ok ? [] : result.errors.map(({ code, line }) => `${code}:${line}`),
    warnings: result.warnings.map(({ code, line }) => `${code}:${line}`),
  };
}
