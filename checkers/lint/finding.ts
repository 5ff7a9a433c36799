/** Something about a file that a reader of its verdict should know. */
export interface LintFinding {
  /** Fixed, kebab-case name of the kind; `docs/checkers/formats.md` describes each. */
  readonly code: string;
  /** Counted from 1. */
  readonly line: number;
  /** The index that the line gives; absent where it gives none. */
  readonly index?: number;
  /** What is there. */
  readonly message: string;
  /** What it does to a verdict. */
  readonly effect: string;
  /** False: good to know, but the verdict is the same without it. */
  readonly changesVerdict: boolean;
}

/** Everything that was found, up to the limit. */
export interface LintReport {
  /** By line. */
  readonly findings: readonly LintFinding[];
  /** Findings of one kind that are listed at most. */
  readonly limitPerCode: number;
  /** For each kind that has more than that, how many are left out. */
  readonly omitted: Readonly<Record<string, number>>;
  /** Operations that could be read. */
  readonly operations: number;
  /** How many of the findings, listed or not, change verdicts. */
  readonly changing: number;
}
