import type { Json } from "../history/operation.ts";
import { atomOf, characterOf, unescaped } from "./edn-atoms.ts";
import { EdnProblem, notEdn, tooDeepEdn } from "./edn-problem.ts";
import type { TextFeed } from "./text-feed.ts";

const blank = 1;
/** By character: blank, a delimiter, or 0 for what can be within a token. */
const kinds: Uint8Array = Uint8Array.from({ length: 128 }, (_, unit) => kindOf(String.fromCharCode(unit)));

function kindOf(character: string): number {
  if (character <= " " && character !== "\0" && character.trim() === "") return blank;
  if (character === ",") return blank;
  return '"()[]{};'.includes(character) ? 2 : 0;
}

const quote = 34;
const hash = 35;
const openList = 40;
const closeList = 41;
const colon = 58;
const semicolon = 59;
const openVector = 91;
const backslash = 92;
const closeVector = 93;
const underscore = 95;
const openMap = 123;
const closeMap = 125;

/**
 * Parses EDN out of a feed, one form at a time, into JSON: keywords and symbols become their names,
 * vectors, lists and sets become lists, maps become objects whose fields are named by their keys, and of
 * a tagged form the form remains. Never builds anything from the text but such data, and nests no deeper
 * than it is told. Linear; source: the EDN specification (edn-format.org).
 *
 * Every method throws `EdnProblem` where the text is no EDN, or where its end has not come yet.
 */
export class EdnParser {
  readonly #feed: TextFeed;
  readonly #maxDepth: number;
  /** Names that were met, by hash. */
  readonly #names: string[] = new Array(knownNames).fill("");

  constructor(feed: TextFeed, maxDepth: number) {
    this.#feed = feed;
    this.#maxDepth = maxDepth;
  }

  /** Moves past blanks, commas, comments and discarded forms; the unit that follows, −1 at the end. */
  skipBlank(depth: number): number {
    const feed = this.#feed;
    const { text } = feed;
    for (;;) {
      const unit = feed.at < text.length ? text.charCodeAt(feed.at) : -1;
      if (unit < 0) return -1;
      if (unit < 128 && kinds[unit] === blank) feed.at++;
      else if (unit === semicolon) this.#skipComment();
      else if (unit === hash && this.#peek(1) === underscore) {
        if (depth >= this.#maxDepth) throw tooDeepEdn(this.#maxDepth);
        feed.at += 2;
        this.value(depth + 1);
      } else return unit;
    }
  }

  /** The form at the present position. `depth` counts the collections around it. */
  value(depth: number): Json {
    const unit = this.#next(depth);
    if (depth >= this.#maxDepth && (unit === openMap || unit === openVector || unit === openList)) {
      throw tooDeepEdn(this.#maxDepth);
    }
    switch (unit) {
      case openMap:
        this.#feed.at++;
        return this.#map(depth + 1);
      case openVector:
        this.#feed.at++;
        return this.#list(closeVector, depth + 1);
      case openList:
        this.#feed.at++;
        return this.#list(closeList, depth + 1);
      case quote:
        return this.#string();
      case colon:
        this.#feed.at++;
        return this.#name(this.#token());
      case backslash:
        return this.#character();
      case hash:
        return this.#dispatch(depth);
      case closeMap:
      case closeVector:
      case closeList:
        throw notEdn("a value", `"${String.fromCharCode(unit)}"`);
      default:
        return this.#plain(unit);
    }
  }

  /** The name of a tag at the present position, which is moved past it; null where there is no tag. */
  tag(): string | null {
    const next = this.#peek(1);
    if (this.#feed.text.charCodeAt(this.#feed.at) !== hash || next < 0) return null;
    if (next === openMap || next === hash || next === underscore || isBlankOrEnd(next)) return null;
    this.#feed.at++;
    return this.#token();
  }

  /** The next unit that is no blank; it must be there. */
  #next(depth: number): number {
    const unit = this.skipBlank(depth);
    if (unit >= 0) return unit;
    throw new EdnProblem(null);
  }

  #peek(ahead: number): number {
    const { text, at, isWhole } = this.#feed;
    if (at + ahead < text.length) return text.charCodeAt(at + ahead);
    if (isWhole) return -1;
    throw new EdnProblem(null);
  }

  #skipComment(): void {
    const end = this.#feed.text.indexOf("\n", this.#feed.at);
    if (end < 0 && !this.#feed.isWhole) throw new EdnProblem(null);
    this.#feed.at = end < 0 ? this.#feed.text.length : end + 1;
  }

  #map(depth: number): Json {
    const map: Record<string, Json> = {};
    while (this.#next(depth) !== closeMap) {
      const key = this.value(depth);
      const name = typeof key === "string" ? key : JSON.stringify(key);
      if (this.#next(depth) === closeMap) throw notEdn("a value for each key of a map", "a key alone");
      const value = this.value(depth);
      if (name === "__proto__") Object.defineProperty(map, name, { ...own, value });
      else map[name] = value;
    }
    this.#feed.at++;
    return map;
  }

  #list(close: number, depth: number): Json {
    const list: Json[] = [];
    while (this.#next(depth) !== close) list.push(this.value(depth));
    this.#feed.at++;
    return list;
  }

  #dispatch(depth: number): Json {
    const next = this.#peek(1);
    if (next === openMap) {
      if (depth >= this.#maxDepth) throw tooDeepEdn(this.#maxDepth);
      this.#feed.at += 2;
      return this.#list(closeMap, depth + 1);
    }
    if (next === hash) {
      this.#feed.at += 2;
      return this.#token();
    }
    if (this.tag() === null) throw notEdn("a tag, a set or a discarded form", '"#"');
    // A tag is no collection, but a chain of tags must not exhaust the stack either.
    if (depth >= this.#maxDepth) throw tooDeepEdn(this.#maxDepth);
    return this.value(depth + 1);
  }

  #string(): string {
    const feed = this.#feed;
    const start = feed.at + 1;
    const { text } = feed;
    let isEscaped = false;
    for (let at = start; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      if (unit === backslash) {
        isEscaped = true;
        at++;
      } else if (unit === quote) {
        feed.at = at + 1;
        return isEscaped ? unescaped(text.slice(start, at)) : text.slice(start, at);
      }
    }
    throw new EdnProblem(null);
  }

  #character(): string {
    const feed = this.#feed;
    this.#peek(1);
    const start = ++feed.at;
    // The character itself may be one that otherwise ends a token.
    feed.at = start + ((feed.text.codePointAt(start) ?? 0) > 0xffff ? 2 : 1);
    this.#token();
    return characterOf(feed.text.slice(start, feed.at));
  }

  /** A number, a symbol, nil, true or false. Small whole numbers are read without making a text of them. */
  #plain(first: number): Json {
    const { text, at: start } = this.#feed;
    let number = 0;
    let at = first === minus ? start + 1 : start;
    const digits = at;
    for (; at < text.length && at - digits < 15; at++) {
      const digit = text.charCodeAt(at) - zero;
      if (digit < 0 || digit > 9) break;
      number = number * 10 + digit;
    }
    if (at > digits && at < text.length && isBlankOrEnd(text.charCodeAt(at))) {
      this.#feed.at = at;
      return first === minus && number !== 0 ? -number : number;
    }
    return atomOf(this.#name(this.#token()));
  }

  /** Everything up to a blank or a delimiter. The same few names come again and again: each is made once. */
  #token(): string {
    const feed = this.#feed;
    const { text } = feed;
    const start = feed.at;
    let at = start;
    let hash = 0;
    for (; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      if (unit < 128 && kinds[unit] !== 0) break;
      hash = (hash * 31 + unit) | 0;
    }
    if (at === text.length && !feed.isWhole) throw new EdnProblem(null);
    feed.at = at;
    const slot = hash & (knownNames - 1);
    const known = this.#names[slot]!;
    if (known.length === at - start && text.startsWith(known, start)) return known;
    const token = text.slice(start, at);
    if (token.length <= knownLength) this.#names[slot] = token;
    return token;
  }

  #name(token: string): string {
    if (token !== "") return token;
    throw notEdn("a name or a value", "nothing");
  }
}

/** Names that are kept, a power of two, and the longest of them. */
const knownNames = 1024;
const knownLength = 32;
const minus = 45;
const zero = 48;
const own = { enumerable: true, configurable: true, writable: true };

function isBlankOrEnd(unit: number): boolean {
  return unit < 128 && kinds[unit] !== 0;
}
