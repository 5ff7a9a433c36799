import { type HistoryFormat, hasTimes } from "../checkers/formats/format-names.ts";
import { historyByTime } from "../checkers/formats/history-by-time.ts";
import { KeyKinds } from "../checkers/formats/key-kinds.ts";
import { createPartReader, type TimedPart } from "../checkers/formats/timed-part.ts";
import { describeReadError } from "../checkers/index.ts";
import { FaultlineError } from "../harness/faultline-error.ts";
import { BadHistoryError, READ_ERRORS_MAX } from "./bad-history-error.ts";
import type { CommandIo } from "./command-io.ts";
import { inexactNumberWarning } from "./odd-file.ts";
import type { ReadHistoryFile, ReadingFlags } from "./read-history-file.ts";
import { requireFile } from "./require-path.ts";
import { streamHistoryFile } from "./stream-history-file.ts";

/**
 * Reads one or more files into one history, their lines in the order of their times. Throws {@link BadHistoryError},
 * `unreadable-file`, `no-times`, `file-twice` or `mixed-formats`.
 */
export async function readByTime(
  paths: readonly string[],
  { cwd, err }: Pick<CommandIo, "cwd" | "err">,
  { format: given, keyed }: ReadingFlags,
): Promise<ReadHistoryFile> {
  const shown = paths.join(" + ");
  const twice = paths.find((path, at) => paths.indexOf(path) !== at);
  if (twice !== undefined) {
    throw new FaultlineError("usage", "file-twice", `${twice} is named twice: it can be merged once only.`);
  }
  const kinds = new KeyKinds();
  const parts: TimedPart[] = [];
  let format: HistoryFormat | undefined;
  for (const path of paths) {
    const options = { file: path, maxErrors: READ_ERRORS_MAX };
    const open = (name: HistoryFormat) => createPartReader(name, kinds, options);
    const read = await streamHistoryFile(requireFile(path, cwd), path, given, open, err);
    format ??= read.format;
    if (read.format !== format) throw mixed(path, read.format, format);
    refuseTimeless(path, read.format);
    parts.push(read.result);
  }
  const read = historyByTime(parts, format ?? "ndjson", keyed);
  if (!read.ok) throw new BadHistoryError(shown, read.errors);
  const inexact = inexactNumberWarning(read.history, shown);
  const warnings = [...read.warnings.map(describeReadError), ...(inexact === null ? [] : [inexact])];
  return { history: read.history, format: format ?? "ndjson", warnings };
}

function mixed(path: string, found: HistoryFormat, before: HistoryFormat): FaultlineError {
  return new FaultlineError(
    "usage",
    "mixed-formats",
    `${path} is read as ${found}, the files before it as ${before}: only files of one format can be merged.`,
    "Say --format where the guess is wrong.",
  );
}

function refuseTimeless(path: string, format: HistoryFormat): void {
  if (hasTimes(format)) return;
  throw new FaultlineError(
    "usage",
    "no-times",
    `${path} cannot be put in order by time: ${format} has no times.`,
    "Write the lines with their times, as docs/history-format.md describes.",
  );
}
