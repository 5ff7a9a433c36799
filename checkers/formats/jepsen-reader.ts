import type { ForeignFields } from "../history/history-line.ts";
import type { LineProblem } from "../history/read-error.ts";
import { EdnForms } from "./edn-forms.ts";
import type { FormReader, FormSink } from "./form-sink.ts";
import { isTranscriptEntry, jepsenOperation } from "./jepsen-operation.ts";
import { JsonForms } from "./json-forms.ts";
import { KeyKinds } from "./key-kinds.ts";
import { lineProblem, ProblemList } from "./problem-list.ts";
import { Transcript } from "./transcript.ts";
import type { ForeignReaderOptions, ReadTranscript, TranscriptReader } from "./transcript-reader.ts";

/** How the maps of a Jepsen history are written. */
export type JepsenSyntax = "edn" | "json";

/**
 * A reader of Jepsen histories: maps in one vector, list or array, or one a line. Never throws on bad
 * data. Linear; holds the transcript and one map.
 */
export function createJepsenReader(
  syntax: JepsenSyntax,
  options: ForeignReaderOptions = {},
  kinds: KeyKinds = new KeyKinds(),
): TranscriptReader {
  const collector = new JepsenCollector(options, kinds);
  const limits = { maxLineBytes: options.maxLineBytes ?? 1 << 20, maxDepth: options.maxDepth ?? 64 };
  const forms: FormReader =
    syntax === "edn" ? new EdnForms(collector, limits) : new JsonForms(collector, limits);
  return {
    push(chunk) {
      if (!collector.stopped) forms.push(chunk);
      return !collector.stopped;
    },
    end() {
      forms.end();
      return collector.result();
    },
  };
}

/** Turns maps into lines of a transcript. */
class JepsenCollector implements FormSink {
  readonly #transcript = new Transcript();
  readonly #problems: ProblemList;
  readonly #maxLines: number;
  readonly #kinds: KeyKinds;
  #leftOut = 0;

  constructor(options: ForeignReaderOptions, kinds: KeyKinds) {
    this.#kinds = kinds;
    this.#problems = new ProblemList(options);
    this.#maxLines = options.maxLines ?? 50_000_000;
  }

  get stopped(): boolean {
    return this.#problems.stopped;
  }

  form(fields: ForeignFields, line: number): void {
    const operation = jepsenOperation(fields, line);
    if (operation === "not a client") {
      this.#leftOut++;
      return;
    }
    if (!isTranscriptEntry(operation)) {
      this.#problems.error(line, operation);
      return;
    }
    const { key } = operation;
    const problem = key === undefined ? null : this.#kinds.problemWith(key, typeof fields.key === "number");
    if (problem !== null) this.#problems.error(line, problem);
    else if (this.#transcript.length < this.#maxLines) this.#transcript.add(operation);
    else {
      const expected = `at most ${this.#maxLines} operations`;
      this.fatal(line, lineProblem("too-many-lines", expected, "more", "raise the limit, or check a part"));
    }
  }

  problem(line: number, problem: LineProblem): void {
    this.#problems.error(line, problem);
  }

  fatal(line: number, problem: LineProblem): void {
    this.#problems.fatal(line, problem);
  }

  warning(line: number, problem: LineProblem): void {
    this.#problems.warning(line, problem);
  }

  result(): ReadTranscript {
    return {
      transcript: this.#transcript,
      problems: this.#problems,
      hasRealTime: true,
      leftOut: this.#leftOut,
    };
  }
}
