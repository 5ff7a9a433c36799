import { excerptOfText, excerptOfValue } from "../history/excerpt.ts";
import type { HistoryHeader } from "../history/history.ts";
import { type ForeignFields, isLineProblem, operationOf, wrongType } from "../history/history-line.ts";
import { isDeeperThan } from "../history/json-depth.ts";
import type { FaultEvent, OperationType, PhaseEvent, RecordEvent } from "../history/operation.ts";
import type { LineProblem } from "../history/read-error.ts";
import { faultOf, headerOf, phaseOf, recordOf } from "../history/run-line.ts";
import { tooDeep, truncated } from "./form-problems.ts";
import { KeyKinds } from "./key-kinds.ts";
import type { LineFormat, LineTarget } from "./line-transcript.ts";
import { lineProblem } from "./problem-list.ts";

const defaults = { index: 0, time: 0 };
const types = '"invoke", "ok", "fail", "info", "record", "fault" or "phase"';

/**
 * Our own format as a transcript: every line is read for itself, so that all that is wrong with a file
 * can be told, not only what comes before the first contradiction. `createHistoryReader` is the reader
 * that checks are made with.
 */
export function ndjsonTranscript(
  maxDepth: number,
  { kinds, others }: NdjsonTargets = {},
): (target: LineTarget) => LineFormat {
  return (target) => {
    const reader = new NdjsonLines(target, maxDepth, kinds ?? new KeyKinds(), others);
    return {
      hasRealTime: true,
      line: (text, number) => reader.line(text, number),
      unfinished: (text, number) => reader.unfinished(text, number),
      end() {},
    };
  };
}

/** A line of our own format that is no operation, as it is. */
export interface OtherLine {
  /** Counted from 1. */
  readonly line: number;
  /** Operations of the file before it. */
  readonly before: number;
  /** Its time is 0 where the line gives none. */
  readonly event: FaultEvent | PhaseEvent | RecordEvent;
  readonly hasTime: boolean;
  /** Its index is 0 where the line gives none. */
  readonly hasIndex: boolean;
}

/** What else may be wanted of a file. */
interface NdjsonTargets {
  /** Shared by files that become one history. */
  readonly kinds?: KeyKinds;
  /** Where lines go that are no operations; dropped unless given. */
  readonly others?: OtherLine[];
}

class NdjsonLines {
  readonly #target: LineTarget;
  readonly #maxDepth: number;
  readonly #kinds: KeyKinds;
  readonly #others: OtherLine[] | undefined;
  #isFirst = true;

  constructor(target: LineTarget, maxDepth: number, kinds: KeyKinds, others?: OtherLine[]) {
    this.#kinds = kinds;
    this.#others = others;
    this.#target = target;
    this.#maxDepth = maxDepth;
  }

  line(text: string, number: number): void {
    if (text.trim() === "") return;
    this.#read(text, number);
    this.#isFirst = false;
  }

  #read(text: string, number: number): void {
    const { problems } = this.#target;
    if (isDeeperThan(text, this.#maxDepth)) {
      problems.error(number, tooDeep(this.#maxDepth));
      return;
    }
    const fields = parsed(text);
    if (typeof fields === "object" && fields !== null && !Array.isArray(fields)) {
      this.#object(fields as ForeignFields, number);
      return;
    }
    const code = fields === undefined ? "not-json" : "not-an-object";
    const found = fields === undefined ? excerptOfText(text) : excerptOfValue(fields);
    problems.error(number, lineProblem(code, "one JSON object", found, "each line is one event"));
  }

  unfinished(text: string, number: number): void {
    if (number === 1 || parsed(text) !== undefined) this.line(text, number);
    else if (text.trim() !== "") this.#target.problems.warning(number, truncated("one JSON object", text));
  }

  #object(fields: ForeignFields, line: number): void {
    const { transcript, problems } = this.#target;
    const { type } = fields;
    if (type !== "invoke" && type !== "ok" && type !== "fail" && type !== "info") {
      const event = otherLine(fields);
      if (isLineProblem(event)) problems.error(line, event);
      else this.#other(event, fields, line);
      return;
    }
    const operation = operationOf(fields, type satisfies OperationType, defaults);
    if (isLineProblem(operation)) {
      problems.error(line, operation);
      return;
    }
    if (operation.key !== undefined) {
      const problem = this.#kinds.problemWith(operation.key, typeof fields.key === "number");
      if (problem !== null) problems.error(line, problem);
    }
    const index = typeof fields.index === "number" ? operation.index : undefined;
    const time = typeof fields.time === "number" ? operation.time : undefined;
    transcript.add({ ...operation, line, index, time });
  }

  #other(event: HistoryHeader | OtherLine["event"], fields: ForeignFields, line: number): void {
    const { transcript, problems } = this.#target;
    if ("format" in event) {
      const problem = lineProblem(
        "misplaced-header",
        "an event",
        "a header",
        "to read two histories, give two files",
      );
      if (!this.#isFirst) problems.error(line, problem);
      return;
    }
    if (event.type === "record") {
      const problem = this.#kinds.problemWith(event.key, typeof fields.key === "number");
      if (problem !== null) problems.error(line, problem);
    }
    this.#others?.push({
      line,
      before: transcript.length,
      event,
      hasTime: typeof fields.time === "number",
      hasIndex: typeof fields.index === "number",
    });
  }
}

/** A line that is no operation, or what is wrong with it. */
function otherLine(fields: ForeignFields): HistoryHeader | OtherLine["event"] | LineProblem {
  if (fields.format !== undefined && fields.type === undefined) return headerOf(fields);
  if (fields.type === "record") return recordOf(fields, defaults);
  if (fields.type === "fault") return faultOf(fields, defaults);
  if (fields.type === "phase") return phaseOf(fields, defaults);
  const problem = wrongType("type", types, fields.type, "what kind of event the line is");
  return fields.type === undefined ? problem : { ...problem, code: "unknown-type" };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
