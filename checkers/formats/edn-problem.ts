import type { LineProblem } from "../history/read-error.ts";
import { lineProblem } from "./problem-list.ts";

/** Ends the parsing of one form: what was not understood, or `null` where its end has not come yet. */
export class EdnProblem extends Error {
  readonly problem: LineProblem | null;

  constructor(problem: LineProblem | null) {
    super(problem === null ? "the form is not complete" : problem.expected);
    this.problem = problem;
  }
}

/** Text that is no EDN. */
export function notEdn(expected: string, found: string): EdnProblem {
  return new EdnProblem(lineProblem("not-edn", expected, found, "each operation is one EDN map"));
}

/** A value that is nested too deeply. */
export function tooDeepEdn(maxDepth: number): EdnProblem {
  const hint = "record what identifies the value, not the whole document";
  return new EdnProblem(lineProblem("too-deep", `at most ${maxDepth} levels of nesting`, "more", hint));
}
