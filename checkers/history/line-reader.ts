import type { AppendProblem } from "./append-problem.ts";
import { excerptOfText, excerptOfValue } from "./excerpt.ts";
import type { HistoryHeader } from "./history.ts";
import { HistoryBuilder } from "./history-builder.ts";
import { type ForeignFields, isLineProblem, operationOf, wrongType } from "./history-line.ts";
import { isDeeperThan } from "./json-depth.ts";
import type { LineSink } from "./line-splitter.ts";
import type { HistoryEvent } from "./operation.ts";
import type { LineProblem, ReadError } from "./read-error.ts";
import type { HistoryReaderOptions, ReadHistoryResult } from "./reader-types.ts";
import { faultOf, headerOf, phaseOf, recordOf } from "./run-line.ts";
import { SourceColumn } from "./source-lines.ts";

/** Parses and validates the lines of one file, and builds its history. Never throws on bad data. */
export class LineReader implements LineSink {
  readonly #builder = new HistoryBuilder(new SourceColumn());
  readonly #file: string;
  readonly #maxLineBytes: number;
  readonly #maxDepth: number;
  readonly #maxLines: number;
  readonly #maxErrors: number;
  readonly #errors: ReadError[] = [];
  readonly #warnings: ReadError[] = [];
  readonly #numericKeys = new Set<string>();
  #header: HistoryHeader | null = null;
  #isFirst = true;
  /** False after a line that was not understood: then a missing mate may be its fault. */
  #isPairingKnown = true;
  stopped = false;

  constructor(options: HistoryReaderOptions) {
    this.#file = options.file ?? "history";
    this.#maxLineBytes = options.maxLineBytes ?? 1 << 20;
    this.#maxDepth = options.maxDepth ?? 64;
    this.#maxLines = options.maxLines ?? 50_000_000;
    this.#maxErrors = options.maxErrors ?? 20;
  }

  line(text: string, number: number): void {
    if (this.stopped) return;
    if (number > this.#maxLines) this.#tooMany(number);
    else if (isDeeperThan(text, this.#maxDepth)) this.#fail(number, tooDeep(this.#maxDepth));
    else this.#parsed(parse(text), text, number);
  }

  tooLong(number: number): void {
    const expected = `at most ${this.#maxLineBytes} bytes`;
    this.#fail(number, wholeLine("line-too-long", expected, "more", "one event a line, line ends are \\n"));
  }

  notUtf8(number: number): void {
    this.#fail(number, wholeLine("not-utf8", "UTF-8", "other bytes", "save the file as UTF-8"));
  }

  /** What stood after the last line end: a whole line, or the place where a recorder was cut off. */
  unfinished(text: string | null, number: number): void {
    if (text !== null && parse(text) !== undefined) this.line(text, number);
    else if (text !== null && text.trim() === "") return;
    else if (this.#isFirst && text === null) this.notUtf8(number);
    else if (this.#isFirst && text !== null) this.line(text, number);
    else {
      const found = text === null ? "half a character" : excerptOfText(text);
      const hint = "the recorder was cut off here; the line was left out";
      const problem = wholeLine("truncated-last-line", "one JSON object and a line end", found, hint);
      this.#warnings.push({ ...problem, file: this.#file, line: number });
    }
  }

  result(): ReadHistoryResult {
    const [first, ...others] = this.#errors;
    const warnings = this.#warnings;
    if (first !== undefined) return { ok: false, errors: [first, ...others], warnings };
    return { ok: true, history: this.#builder.build(this.#header), warnings };
  }

  #parsed(fields: unknown, text: string, number: number): void {
    if (typeof fields !== "object" || fields === null || Array.isArray(fields)) {
      if (fields === undefined && text.trim() === "") return;
      const code = fields === undefined ? "not-json" : "not-an-object";
      const found = fields === undefined ? excerptOfText(text) : excerptOfValue(fields);
      this.#fail(number, wholeLine(code, "one JSON object", found, "each line is one event"));
    } else this.#object(fields as ForeignFields, number);
    this.#isFirst = false;
  }

  #object(fields: ForeignFields, number: number): void {
    if (fields.format !== undefined && fields.type === undefined) this.#headerLine(fields, number);
    else {
      const event = this.#event(fields);
      if (isLineProblem(event)) this.#fail(number, event);
      else this.#append(event, number);
    }
  }

  #headerLine(fields: ForeignFields, number: number): void {
    if (!this.#isFirst) {
      const hint = "to read two histories, give two files";
      this.#fail(number, wholeLine("misplaced-header", "an event", "a header", hint));
      return;
    }
    const header = headerOf(fields);
    if (isLineProblem(header)) this.#fail(number, header);
    else this.#header = header;
  }

  #event(fields: ForeignFields): HistoryEvent | LineProblem {
    const defaults = { index: this.#builder.nextIndex, time: this.#builder.lastTime };
    switch (fields.type) {
      case "invoke":
      case "ok":
      case "fail":
      case "info": {
        const event = operationOf(fields, fields.type, defaults);
        if (isLineProblem(event)) return event;
        return this.#ambiguousKey(fields.key, event.key) ?? event;
      }
      case "record": {
        const event = recordOf(fields, defaults);
        if (isLineProblem(event)) return event;
        return this.#ambiguousKey(fields.key, event.key) ?? event;
      }
      case "fault":
        return faultOf(fields, defaults);
      case "phase":
        return phaseOf(fields, defaults);
      default: {
        const problem = wrongType("type", types, fields.type, "what kind of event the line is");
        return fields.type === undefined ? problem : { ...problem, code: "unknown-type" };
      }
    }
  }

  /** Keys are kept as text; a file in which 7 and "7" are two things cannot be read without mixing them. */
  #ambiguousKey(written: unknown, key: string | undefined): LineProblem | null {
    if (key === undefined) return null;
    const isNumber = typeof written === "number";
    const known = this.#numericKeys.has(key);
    if (isNumber === known) return null;
    if (isNumber && !this.#builder.hasKey(key)) {
      this.#numericKeys.add(key);
      return null;
    }
    const expected = isNumber ? `"${key}", as before` : `${key}, as before`;
    const hint = "write a key as a number everywhere or as a string everywhere";
    return { code: "ambiguous-key", field: "key", expected, found: excerptOfValue(written), hint };
  }

  #append(event: HistoryEvent, number: number): void {
    const problem = this.#builder.tryAppend(event, number);
    if (problem !== null && (this.#isPairingKnown || !isAboutPairing(problem))) this.#fail(number, problem);
  }

  #fail(number: number, problem: LineProblem): void {
    if (this.stopped) return;
    this.#errors.push({ ...problem, file: this.#file, line: number });
    this.#isPairingKnown = false;
    if (this.#errors.length >= this.#maxErrors) this.stopped = true;
  }

  #tooMany(number: number): void {
    const expected = `at most ${this.#maxLines} lines`;
    this.#fail(number, wholeLine("too-many-lines", expected, "more", "raise the limit, or check a part"));
    this.stopped = true;
  }
}

const types = '"invoke", "ok", "fail", "info", "record", "fault" or "phase"';

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isAboutPairing(problem: AppendProblem): boolean {
  return problem.code !== "index-not-rising" && problem.code !== "time-goes-back";
}

function tooDeep(maxDepth: number): LineProblem {
  const hint = "record what identifies the value, not the whole document";
  return wholeLine("too-deep", `at most ${maxDepth} levels of nesting`, "more", hint);
}

function wholeLine(code: LineProblem["code"], expected: string, found: string, hint: string): LineProblem {
  return { code, field: "line", expected, found, hint };
}
