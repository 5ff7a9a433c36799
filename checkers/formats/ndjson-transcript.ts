import { excerptOfText, excerptOfValue } from "../history/excerpt.ts";
import { type ForeignFields, isLineProblem, operationOf, wrongType } from "../history/history-line.ts";
import { isDeeperThan } from "../history/json-depth.ts";
import type { OperationType } from "../history/operation.ts";
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
export function ndjsonTranscript(maxDepth: number): (target: LineTarget) => LineFormat {
  return (target) => {
    const reader = new NdjsonLines(target, maxDepth);
    return {
      hasRealTime: true,
      line: (text, number) => reader.line(text, number),
      unfinished: (text, number) => reader.unfinished(text, number),
      end() {},
    };
  };
}

class NdjsonLines {
  readonly #target: LineTarget;
  readonly #maxDepth: number;
  readonly #kinds = new KeyKinds();

  constructor(target: LineTarget, maxDepth: number) {
    this.#target = target;
    this.#maxDepth = maxDepth;
  }

  line(text: string, number: number): void {
    const { problems } = this.#target;
    if (text.trim() === "") return;
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
      const problem = otherLine(fields);
      if (isLineProblem(problem)) problems.error(line, problem);
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
}

/** A line that is no operation, or what is wrong with it. */
function otherLine(fields: ForeignFields): object {
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
