import { createReadStream } from "node:fs";
import type { History } from "../checkers/history/history.ts";
import { createHistoryReader, describeReadError } from "../checkers/index.ts";
import { FaultlineError } from "../harness/faultline-error.ts";
import { BadHistoryError, READ_ERRORS_MAX } from "./bad-history-error.ts";
import { oneLine } from "./error-document.ts";

/** A history that was read, and what was odd about its file without stopping that, in words. */
export interface ReadHistoryFile {
  readonly history: History;
  readonly warnings: readonly string[];
}

/** Streams a history file into columns. Throws {@link BadHistoryError} or `unreadable-file`. */
export async function readHistoryFile(file: string, shown: string): Promise<ReadHistoryFile> {
  const reader = createHistoryReader({ file: shown, maxErrors: READ_ERRORS_MAX });
  try {
    for await (const chunk of createReadStream(file)) if (!reader.push(chunk as Buffer)) break;
  } catch (error) {
    const why = oneLine(error instanceof Error ? error.message : String(error));
    throw new FaultlineError("usage", "unreadable-file", `${shown} cannot be read: ${why}.`);
  }
  const result = reader.end();
  if (!result.ok) throw new BadHistoryError(shown, result.errors);
  return { history: result.history, warnings: result.warnings.map(describeReadError) };
}
