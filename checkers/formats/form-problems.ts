import { excerptOfText } from "../history/excerpt.ts";
import type { LineProblem } from "../history/read-error.ts";
import { lineProblem } from "./problem-list.ts";

/** The file has bytes that are no UTF-8. */
export function notUtf8(): LineProblem {
  return lineProblem("not-utf8", "UTF-8", "other bytes", "save the file as UTF-8");
}

/** One operation is longer than a reader takes. */
export function formTooLong(maxBytes: number): LineProblem {
  const hint = "is a bracket or a quote not closed? Else record what identifies a value";
  return lineProblem("line-too-long", `at most ${maxBytes} bytes for one operation`, "more", hint);
}

/** A value is nested deeper than a reader takes. */
export function tooDeep(maxDepth: number): LineProblem {
  const hint = "record what identifies the value, not the whole document";
  return lineProblem("too-deep", `at most ${maxDepth} levels of nesting`, "more", hint);
}

/** The file ends in the midst of something. */
export function truncated(expected: string, rest: string): LineProblem {
  const found = rest.trim() === "" ? "the end of the file" : excerptOfText(rest);
  return lineProblem("truncated-last-line", expected, found, "the file was cut off here");
}
