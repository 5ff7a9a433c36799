import type { PairingFault } from "./pair-calls.ts";
import { lineProblem, type ProblemList } from "./problem-list.ts";
import type { ReadTranscript } from "./transcript-reader.ts";

/** Something that a file does not say, or not clearly, and how it was taken. */
type TakenAs =
  | "no-invocation"
  | "overlapping-calls"
  | "process-goes-on"
  | "no-process"
  | "counted-anew"
  | "time-held";

/** How a file was taken where it does not say so itself: one warning for each kind, at its first line. */
export class ReadingWarnings {
  readonly #problems: ProblemList;
  readonly #line: Float64Array;
  readonly #counts = new Map<TakenAs, { first: number; count: number }>();

  constructor({ problems, transcript }: ReadTranscript) {
    this.#problems = problems;
    this.#line = transcript.line;
  }

  /** Notes that something of that kind was met on a row of the transcript. */
  note(kind: TakenAs, row: number): void {
    const known = this.#counts.get(kind);
    if (known === undefined) this.#counts.set(kind, { first: row, count: 1 });
    else known.count++;
  }

  /** Notes what pairing had to decide. */
  noteFault({ kind, row }: PairingFault): void {
    if (kind === "no-invocation" || kind === "overlapping-calls" || kind === "process-goes-on") {
      this.note(kind, row);
    }
  }

  /** Hands all of them over, in the order in which they were first met. */
  report(): void {
    for (const [kind, { first, count }] of this.#counts) {
      const { field, expected, found, hint } = words[kind];
      const problem = lineProblem(kind, expected, found(count), hint, field);
      this.#problems.warning(this.#line[first] ?? 1, problem);
    }
  }
}

interface Wording {
  readonly field: string;
  readonly expected: string;
  readonly found: (count: number) => string;
  readonly hint: string;
}

const words: Readonly<Record<TakenAs, Wording>> = {
  "no-invocation": {
    field: "process",
    expected: "an invocation before each completion",
    found: (count) => `${count} completion${count === 1 ? "" : "s"} without one`,
    hint: "each is taken to have been called right after what its process did before, and calls are counted anew",
  },
  "overlapping-calls": {
    field: "process",
    expected: "one call at a time by each process",
    found: (count) => `${count} made while another was open`,
    hint: "each of these is taken to be by a process and a session of its own",
  },
  "process-goes-on": {
    field: "process",
    expected: "a new process after an operation of unknown outcome",
    found: (count) => `${count} call${count === 1 ? "" : "s"} under an old number`,
    hint: "each is taken to be by a new process, which is a session of its own",
  },
  "no-process": {
    field: "process",
    expected: "the process of each operation",
    found: (count) => `${count} line${count === 1 ? "" : "s"} without one`,
    hint: "an invocation and the completion that follows it are taken for one process",
  },
  "counted-anew": {
    field: "index",
    expected: "an index that rises from line to line",
    found: (count) => `${count} line${count === 1 ? "" : "s"} where it does not`,
    hint: "operations are counted anew from 0; the index of a witness is this count",
  },
  "time-held": {
    field: "time",
    expected: "times that never fall",
    found: (count) => `${count} line${count === 1 ? "" : "s"} before the line before`,
    hint: "the order of the lines is taken for the order of events",
  },
};

/** Warnings that concern the file as a whole. */
export function noteWholeFile(
  { problems, hasRealTime, leftOut }: ReadTranscript,
  isKeyed: boolean,
  isGuessed: boolean,
): void {
  if (leftOut > 0) {
    const found = `${leftOut} line${leftOut === 1 ? "" : "s"} of a nemesis or of others that are no clients`;
    const hint = "they are left out: they say nothing about what clients saw";
    problems.warning(1, lineProblem("left-out", "operations of clients", found, hint, "process"));
  }
  if (isKeyed && isGuessed) {
    const found = "a pair of a key and a value in every call";
    const hint = "they are taken apart; say --no-keyed if the pairs are values";
    problems.warning(1, lineProblem("keyed-values", "values", found, hint, "value"));
  }
  if (!hasRealTime) {
    const hint =
      "nothing that depends on real time can be answered: linearizability, and isolation called strict";
    const found = "sessions one after the other";
    problems.warning(1, lineProblem("no-real-time", "lines in the order of events", found, hint));
  }
}
