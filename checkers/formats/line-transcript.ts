import { excerptOfText } from "../history/excerpt.ts";
import { type LineSink, LineSplitter } from "../history/line-splitter.ts";
import { formTooLong, notUtf8 } from "./form-problems.ts";
import { lineProblem, ProblemList } from "./problem-list.ts";
import { Transcript } from "./transcript.ts";
import type { ForeignReaderOptions, ReadTranscript, TranscriptReader } from "./transcript-reader.ts";

/** What a format of lines makes of them. */
export interface LineFormat {
  /** One line without its end; counted from 1. */
  line(text: string, number: number): void;
  /** What stands after the last line end; read like any other line unless it is told here. */
  unfinished?(text: string, number: number): void;
  /** The file ends; its last line has that number. */
  end(lastNumber: number): void;
  readonly hasRealTime: boolean;
}

/** What a format of lines is given: where operations and problems go. */
export interface LineTarget {
  readonly transcript: Transcript;
  readonly problems: ProblemList;
}

/** A reader of a format in which each line is read for itself. Linear; holds the transcript and one line. */
export function createLineTranscript(
  options: ForeignReaderOptions,
  formatFor: (target: LineTarget) => LineFormat,
): TranscriptReader {
  const target = { transcript: new Transcript(), problems: new ProblemList(options) };
  const format = formatFor(target);
  const lines = new BoundedLines(format, target, options);
  const splitter = new LineSplitter(lines, options.maxLineBytes ?? 1 << 20);
  return {
    push(chunk) {
      if (!target.problems.stopped) splitter.push(chunk);
      return !target.problems.stopped;
    },
    end(): ReadTranscript {
      const rest = splitter.rest();
      if (rest.kind === "text" && format.unfinished !== undefined) {
        format.unfinished(rest.text, rest.number);
      } else if (rest.kind === "text") lines.line(rest.text, rest.number);
      else if (rest.kind === "not-utf8") lines.notUtf8(rest.number);
      format.end(splitter.number);
      return { ...target, hasRealTime: format.hasRealTime, leftOut: 0 };
    },
  };
}

/** Hands lines on, as long as there are not too many. */
class BoundedLines implements LineSink {
  readonly #format: LineFormat;
  readonly #target: LineTarget;
  readonly #maxLines: number;
  readonly #maxLineBytes: number;

  constructor(format: LineFormat, target: LineTarget, options: ForeignReaderOptions) {
    this.#format = format;
    this.#target = target;
    this.#maxLines = options.maxLines ?? 50_000_000;
    this.#maxLineBytes = options.maxLineBytes ?? 1 << 20;
  }

  line(text: string, number: number): void {
    const { problems } = this.#target;
    if (problems.stopped) return;
    if (number <= this.#maxLines) {
      this.#format.line(text, number);
      return;
    }
    const expected = `at most ${this.#maxLines} lines`;
    problems.fatal(
      number,
      lineProblem("too-many-lines", expected, "more", "raise the limit, or check a part"),
    );
  }

  tooLong(number: number): void {
    this.#target.problems.error(number, formTooLong(this.#maxLineBytes));
  }

  notUtf8(number: number): void {
    this.#target.problems.error(number, notUtf8());
  }
}

/** A line that is none of those that the format has. */
export function strangeLine(
  expected: string,
  text: string,
  hint: string,
): Parameters<ProblemList["error"]>[1] {
  return lineProblem("wrong-value", expected, excerptOfText(text), hint);
}
