import { excerptOfValue } from "../history/excerpt.ts";
import type { ForeignFields } from "../history/history-line.ts";
import type { Json } from "../history/operation.ts";
import { EdnParser } from "./edn-parser.ts";
import { EdnProblem } from "./edn-problem.ts";
import { formTooLong, notUtf8, truncated } from "./form-problems.ts";
import type { FormLimits, FormReader, FormSink } from "./form-sink.ts";
import { lineProblem } from "./problem-list.ts";
import { TextFeed } from "./text-feed.ts";

const hash = 35;
const openList = 40;
const closeList = 41;
const openVector = 91;
const closeVector = 93;

/**
 * The maps of an EDN file, one after the other, whether they stand alone or in one vector or list. After a
 * form that is no EDN reading goes on at the next line that begins with a map. Linear; holds one form.
 */
export class EdnForms implements FormReader {
  readonly #feed = new TextFeed();
  readonly #parser: EdnParser;
  readonly #sink: FormSink;
  readonly #maxUnits: number;
  #isOpen = false;
  #isSkipping = false;
  /** Where the present form begins. */
  #start = 0;

  constructor(sink: FormSink, { maxLineBytes, maxDepth }: FormLimits) {
    this.#sink = sink;
    this.#maxUnits = maxLineBytes;
    this.#parser = new EdnParser(this.#feed, maxDepth + 1);
  }

  push(chunk: Uint8Array | string): void {
    if (this.#feed.push(chunk)) this.#scan();
    else this.#sink.fatal(this.#feed.lineAt(this.#feed.text.length), notUtf8());
  }

  end(): void {
    if (this.#sink.stopped) return;
    if (!this.#feed.end()) this.#sink.fatal(this.#feed.lineAt(this.#feed.text.length), notUtf8());
    this.#scan();
    const { text } = this.#feed;
    if (this.#sink.stopped || (!this.#isOpen && this.#feed.at >= text.length)) return;
    const line = this.#feed.lineAt(this.#feed.at);
    this.#sink.warning(line, truncated("a whole file", text.slice(this.#feed.at)));
  }

  /** Takes every form that has come whole. */
  #scan(): void {
    const feed = this.#feed;
    if (this.#isSkipping && !this.#skip()) return;
    for (;;) {
      if (this.#sink.stopped) return;
      this.#start = feed.at;
      try {
        if (!this.#one()) return;
      } catch (error) {
        if (!(error instanceof EdnProblem)) throw error;
        if (!this.#recover(error)) return;
      }
    }
  }

  /** Takes one form or bracket; false at the end of what has come. */
  #one(): boolean {
    const feed = this.#feed;
    const unit = this.#parser.skipBlank(0);
    if (unit < 0) return false;
    const start = feed.at;
    this.#start = start;
    if (unit === openVector || unit === openList) {
      if (this.#isOpen) this.#notAMap(this.#parser.value(0), start);
      else {
        this.#isOpen = true;
        feed.at++;
      }
    } else if ((unit === closeVector || unit === closeList) && this.#isOpen) {
      this.#isOpen = false;
      feed.at++;
    } else if (unit === hash && this.#parser.tag() !== null) return true;
    else {
      const form = this.#parser.value(0);
      if (typeof form !== "object" || form === null || Array.isArray(form)) this.#notAMap(form, start);
      else this.#sink.form(form as ForeignFields, feed.lineAt(start));
    }
    return true;
  }

  /** After a problem, or at an incomplete form: true to go on. */
  #recover({ problem }: EdnProblem): boolean {
    const feed = this.#feed;
    const start = this.#start;
    const isTooLong = problem === null && feed.text.length - start > this.#maxUnits;
    if (problem === null && !isTooLong) {
      feed.at = start;
      return false;
    }
    const line = feed.lineAt(start);
    this.#sink.problem(line, problem ?? formTooLong(this.#maxUnits));
    if (isTooLong) feed.at = start;
    return this.#skip();
  }

  #skip(): boolean {
    this.#isSkipping = !this.#feed.skipToObject();
    return !this.#isSkipping;
  }

  #notAMap(form: Json, start: number): void {
    const found = excerptOfValue(form);
    const problem = lineProblem("not-an-object", "an EDN map", found, "each operation is one map");
    this.#sink.problem(this.#feed.lineAt(start), problem);
    this.#skip();
  }
}
