import type { ForeignFields } from "../history/history-line.ts";
import type { LineProblem } from "../history/read-error.ts";

/** Where the forms of a file go, one by one. */
export interface FormSink {
  /** True: nothing more is wanted. */
  readonly stopped: boolean;
  /** One map or object of the file, which begins on that line. */
  form(fields: ForeignFields, line: number): void;
  /** Something that is no map or object. */
  problem(line: number, problem: LineProblem): void;
  /** The rest of the file cannot be read. */
  fatal(line: number, problem: LineProblem): void;
  warning(line: number, problem: LineProblem): void;
}

/** Limits on one form. */
export interface FormLimits {
  /** Longest form in bytes, counted as UTF-16 units. */
  readonly maxLineBytes: number;
  readonly maxDepth: number;
}

/** Cuts a file into forms as it comes. */
export interface FormReader {
  push(chunk: Uint8Array | string): void;
  end(): void;
}
