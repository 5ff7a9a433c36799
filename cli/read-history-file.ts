import { createFormatReader } from "../checkers/formats/create-format-reader.ts";
import type { HistoryFormat } from "../checkers/formats/format-names.ts";
import type { History } from "../checkers/history/history.ts";
import { describeReadError } from "../checkers/index.ts";
import { BadHistoryError, READ_ERRORS_MAX } from "./bad-history-error.ts";
import type { Output } from "./command-io.ts";
import { inexactNumberWarning } from "./odd-file.ts";
import { streamHistoryFile } from "./stream-history-file.ts";

/** A history that was read, and what was odd about its file without stopping that, in words. */
export interface ReadHistoryFile {
  readonly history: History;
  readonly format: HistoryFormat;
  readonly warnings: readonly string[];
}

/** How a file is to be read; what is not said is guessed where it is clear. */
export interface ReadingFlags {
  readonly format?: HistoryFormat;
  readonly keyed?: boolean;
}

/** Streams a history file into columns. Throws {@link BadHistoryError} or `unreadable-file`. */
export async function readHistoryFile(
  file: string,
  shown: string,
  { format: given, keyed }: ReadingFlags,
  err: Output,
): Promise<ReadHistoryFile> {
  const options = { file: shown, maxErrors: READ_ERRORS_MAX, ...(keyed === undefined ? {} : { keyed }) };
  const open = (name: HistoryFormat) => createFormatReader(name, options);
  const { result, format } = await streamHistoryFile(file, shown, given, open, err);
  if (!result.ok) throw new BadHistoryError(shown, result.errors);
  const { history } = result;
  const inexact = inexactNumberWarning(history, shown);
  const warnings = [...result.warnings.map(describeReadError), ...(inexact === null ? [] : [inexact])];
  return { history, format, warnings };
}
