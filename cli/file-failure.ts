import { BadHistoryError } from "./bad-history-error.ts";
import type { CommandIo } from "./command-io.ts";
import { errorDocument } from "./error-document.ts";
import { exitCodes } from "./exit-code.ts";
import { reportError } from "./report-error.ts";

/** A file among several that could not be looked at: why, and what to do about it. */
export interface FileFailure {
  /** As it was named. */
  readonly file: string;
  readonly code: string;
  /** One line. */
  readonly message: string;
  /** What to do about it; may be empty. */
  readonly hint: string;
  /** The first bad line, counted from 1; absent where it is not about a line. */
  readonly line?: number;
  /** One line of text for each bad line. */
  readonly details: readonly string[];
  readonly exitCode: number;
}

/** What was done with a file, or why nothing could be done with it. */
export type FileOutcome<Done> =
  | { readonly done: Done; readonly failure?: never }
  | { readonly done?: never; readonly failure: FileFailure };

/**
 * Works on one file after the other. A file that cannot be looked at, for whatever reason, is told on stderr and takes
 * no other's place: the work on the others goes on. Where there is only one file its error is thrown.
 */
export async function eachFile<Done>(
  paths: readonly string[],
  io: CommandIo,
  work: (path: string) => Promise<Done>,
): Promise<FileOutcome<Done>[]> {
  const [only, ...others] = paths;
  if (only !== undefined && others.length === 0) return [{ done: await work(only) }];
  const outcomes: FileOutcome<Done>[] = [];
  for (const path of paths) {
    try {
      outcomes.push({ done: await work(path) });
    } catch (error) {
      reportError(error, io, false);
      outcomes.push({ failure: failureOf(path, error) });
    }
  }
  return outcomes;
}

function failureOf(file: string, error: unknown): FileFailure {
  const failure = { file, ...errorDocument(error) };
  if (!(error instanceof BadHistoryError)) return { ...failure, details: [] };
  return { ...failure, line: error.firstLine, details: error.details };
}

/** The exit code of failures alone: that of the harness before that of bad input; null where there is none. */
export function failureCode(outcomes: readonly FileOutcome<unknown>[]): number | null {
  const codes = outcomes.flatMap(({ failure }) => (failure === undefined ? [] : [failure.exitCode]));
  if (codes.length === 0) return null;
  return codes.includes(exitCodes.harnessError) ? exitCodes.harnessError : exitCodes.badArguments;
}

/** The `error` of a file in a JSON document. */
export function failureDocument({ code, message, hint, line, details }: FileFailure): object {
  return {
    code,
    message,
    hint,
    ...(line === undefined ? {} : { line }),
    ...(details.length === 0 ? {} : { details }),
  };
}
