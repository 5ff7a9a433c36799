import { excerptOfText } from "../history/excerpt.ts";
import type { ForeignFields } from "../history/history-line.ts";
import { isDeeperThan } from "../history/json-depth.ts";
import { formTooLong, notUtf8, tooDeep, truncated } from "./form-problems.ts";
import type { FormLimits, FormReader, FormSink } from "./form-sink.ts";
import { lineProblem } from "./problem-list.ts";
import { TextFeed } from "./text-feed.ts";

const quote = 34;
const comma = 44;
const openBracket = 91;
const backslash = 92;
const closeBracket = 93;
const openBrace = 123;
const closeBrace = 125;

/**
 * The objects of a JSON file, one after the other, whether they stand in one array or one a line. The
 * end of each is found by its brackets, and the engine parses it. Linear; holds one object.
 */
export class JsonForms implements FormReader {
  readonly #feed = new TextFeed();
  readonly #sink: FormSink;
  readonly #limits: FormLimits;
  #isOpen = false;
  #isSkipping = false;
  /** Where the search for the end of the present object goes on, and what was found so far. */
  #scanned = 0;
  #depth = 0;
  #isQuoted = false;

  constructor(sink: FormSink, limits: FormLimits) {
    this.#sink = sink;
    this.#limits = limits;
  }

  push(chunk: Uint8Array | string): void {
    const consumed = this.#feed.at;
    if (this.#feed.push(chunk)) {
      this.#scanned -= consumed;
      this.#scan();
    } else this.#sink.fatal(this.#feed.lineAt(this.#feed.text.length), notUtf8());
  }

  end(): void {
    if (this.#sink.stopped) return;
    const consumed = this.#feed.at;
    if (!this.#feed.end()) this.#sink.fatal(this.#feed.lineAt(this.#feed.text.length), notUtf8());
    this.#scanned -= consumed;
    this.#scan();
    const { text, at } = this.#feed;
    if (this.#sink.stopped || (!this.#isOpen && at >= text.length)) return;
    this.#sink.warning(this.#feed.lineAt(at), truncated("a whole file", text.slice(at)));
  }

  #scan(): void {
    if (this.#isSkipping && !this.#skip()) return;
    while (!this.#sink.stopped && this.#one());
  }

  /** Takes one object or bracket; false at the end of what has come. */
  #one(): boolean {
    const feed = this.#feed;
    const { text } = feed;
    let unit = text.charCodeAt(feed.at);
    while (unit <= 32 || unit === comma) unit = text.charCodeAt(++feed.at);
    if (Number.isNaN(unit)) return false;
    if (unit === openBrace) return this.#object();
    if (unit === openBracket && !this.#isOpen) this.#isOpen = true;
    else if (unit === closeBracket && this.#isOpen) this.#isOpen = false;
    else return this.#notAnObject();
    feed.at++;
    return true;
  }

  #object(): boolean {
    const feed = this.#feed;
    const end = this.#endOfObject();
    if (end < 0) {
      if (feed.text.length - feed.at <= this.#limits.maxLineBytes) return false;
      return this.#refuse(feed.at, formTooLong(this.#limits.maxLineBytes));
    }
    const start = feed.at;
    const json = feed.text.slice(start, end);
    feed.at = end;
    if (json.length > this.#limits.maxLineBytes) {
      this.#sink.problem(feed.lineAt(start), formTooLong(this.#limits.maxLineBytes));
      return true;
    }
    if (isDeeperThan(json, this.#limits.maxDepth)) {
      this.#sink.problem(feed.lineAt(start), tooDeep(this.#limits.maxDepth));
      return true;
    }
    const fields = parsed(json);
    if (fields !== null) this.#sink.form(fields, feed.lineAt(start));
    else {
      feed.at = start;
      const hint = "each operation is one object";
      return this.#refuse(start, lineProblem("not-json", "a JSON object", excerptOfText(json), hint));
    }
    return true;
  }

  /** The position after the bracket that closes the object at `at`, −1 where it has not come yet. */
  #endOfObject(): number {
    const { text, at } = this.#feed;
    if (this.#scanned <= at) {
      this.#scanned = at;
      this.#depth = 0;
      this.#isQuoted = false;
    }
    let depth = this.#depth;
    let isQuoted = this.#isQuoted;
    for (let position = this.#scanned; position < text.length; position++) {
      const unit = text.charCodeAt(position);
      if (isQuoted) {
        if (unit === backslash) {
          if (position + 1 === text.length) {
            this.#remember(position, depth, isQuoted);
            return -1;
          }
          position++;
        } else if (unit === quote) isQuoted = false;
      } else if (unit === quote) isQuoted = true;
      else if (unit === openBrace || unit === openBracket) depth++;
      else if ((unit === closeBrace || unit === closeBracket) && --depth === 0) {
        this.#remember(0, 0, false);
        return position + 1;
      }
    }
    this.#remember(text.length, depth, isQuoted);
    return -1;
  }

  #remember(scanned: number, depth: number, isQuoted: boolean): void {
    this.#scanned = scanned;
    this.#depth = depth;
    this.#isQuoted = isQuoted;
  }

  #notAnObject(): boolean {
    const { at, text } = this.#feed;
    const end = text.indexOf("\n", at);
    const found = excerptOfText(text.slice(at, end < 0 ? text.length : end).trim());
    const problem = lineProblem("not-an-object", "a JSON object", found, "each operation is one object");
    return this.#refuse(at, problem);
  }

  #refuse(start: number, problem: Parameters<FormSink["problem"]>[1]): boolean {
    this.#sink.problem(this.#feed.lineAt(start), problem);
    this.#remember(0, 0, false);
    return this.#skip();
  }

  #skip(): boolean {
    this.#isSkipping = !this.#feed.skipToObject();
    return !this.#isSkipping;
  }
}

function parsed(json: string): ForeignFields | null {
  try {
    return JSON.parse(json) as ForeignFields;
  } catch {
    return null;
  }
}
