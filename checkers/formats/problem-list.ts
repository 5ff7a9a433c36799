import type { LineProblem, ReadError } from "../history/read-error.ts";
import { fileOfPlace, lineOfPlace } from "../history/source-lines.ts";

/** Collects what is wrong with the lines of one file, up to a limit. */
export class ProblemList {
  readonly errors: ReadError[] = [];
  readonly warnings: ReadError[] = [];
  readonly #file: string;
  readonly #maxErrors: number;
  /** True once there are so many errors that the rest of the file need not be read. */
  stopped = false;

  /** Where the lines are of several files: their names, and lines are {@link placeNumber}s. */
  readonly #files: readonly string[] | undefined;

  constructor(options: {
    readonly file?: string;
    readonly files?: readonly string[];
    readonly maxErrors?: number;
  }) {
    this.#files = options.files;
    this.#file = options.file ?? "history";
    this.#maxErrors = options.maxErrors ?? 20;
  }

  /** The history cannot be built. */
  error(line: number, problem: LineProblem): void {
    if (this.stopped) return;
    this.errors.push({ ...problem, ...this.#place(line) });
    if (this.errors.length >= this.#maxErrors) this.stopped = true;
  }

  /** The history can be built; something was taken in a way that a reader should know. */
  warning(line: number, problem: LineProblem): void {
    this.warnings.push({ ...problem, ...this.#place(line) });
  }

  /** No line after this error can be read. */
  fatal(line: number, problem: LineProblem): void {
    this.error(line, problem);
    this.stopped = true;
  }

  #place(line: number): { readonly file: string; readonly line: number } {
    const named = this.#files?.[fileOfPlace(line)];
    return named === undefined ? { file: this.#file, line } : { file: named, line: lineOfPlace(line) };
  }
}

/** A problem with a line as a whole. */
export function lineProblem(
  code: LineProblem["code"],
  expected: string,
  found: string,
  hint: string,
  field: string = "line",
): LineProblem {
  return { code, field, expected, found, hint };
}
