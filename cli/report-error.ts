import { BadHistoryError } from "./bad-history-error.ts";
import type { CommandIo } from "./command-io.ts";
import { errorDocument } from "./error-document.ts";

/** Prints an error, its code at the end (with `--json` as a document too), and answers the exit code. */
export function reportError(error: unknown, io: CommandIo, json: boolean): number {
  const { code, message, hint, exitCode } = errorDocument(error);
  const end = hint === "" || /[.!?:]$/.test(message) ? "" : ".";
  io.err.write(`faultline: ${message}${end}${hint === "" ? "" : ` ${hint}`} [${code}]\n`);
  const details = error instanceof BadHistoryError ? error.details : [];
  for (const detail of details) io.err.write(`${detail}\n`);
  if (json)
    io.out.write(
      `${JSON.stringify({ error: { code, message, hint, ...(details.length > 0 ? { details } : {}) } }, null, 2)}\n`,
    );
  const debug = io.env.FAULTLINE_DEBUG;
  if (debug !== undefined && debug !== "" && debug !== "0" && error instanceof Error) {
    io.err.write(`${error.stack ?? ""}\n`);
  }
  return exitCode;
}
