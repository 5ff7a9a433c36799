import type { ReadError } from "../checkers/history/read-error.ts";
import { describeReadError } from "../checkers/index.ts";
import { FaultlineError } from "../harness/faultline-error.ts";

/** Bad lines after which a history file is read no further. */
export const READ_ERRORS_MAX = 20;

/** A history file with lines that cannot be understood; each is told on a line of its own. */
export class BadHistoryError extends FaultlineError {
  /** One line of text for each bad line. */
  readonly details: readonly string[];
  /** The first bad line, counted from 1. */
  readonly firstLine: number;

  constructor(file: string, errors: readonly [ReadError, ...ReadError[]]) {
    const bound = errors.length >= READ_ERRORS_MAX ? "at least " : "";
    const count = errors.length === 1 ? "1 line" : `${bound}${errors.length} lines`;
    super(
      "usage",
      "bad-history",
      `The history ${file} cannot be read: ${count} of it ${errors.length === 1 ? "is" : "are"} wrong.`,
      "docs/history-format.md describes the format.",
    );
    this.details = errors.map(describeReadError);
    this.firstLine = Math.min(...errors.map(({ line }) => line));
  }
}
