/**
 * A file that comes in chunks, as text: decodes, takes a byte-order mark off, keeps only what was not
 * consumed, and knows lines. `at` is moved by whoever scans `text`.
 */
export class TextFeed {
  text = "";
  at = 0;
  /** Everything has come. */
  isWhole = false;
  readonly #decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  #line = 1;
  #countedTo = 0;
  #isStart = true;
  #half = "";

  /** Takes the next part; false where it is no UTF-8. It may be cut in the midst of a character. */
  push(chunk: Uint8Array | string): boolean {
    const decoded = typeof chunk === "string" ? this.#whole(chunk) : this.#decoded(chunk);
    if (decoded === null) return false;
    this.#add(decoded);
    return true;
  }

  /** Nothing more comes; false where the file ends in half a character. */
  end(): boolean {
    this.isWhole = true;
    try {
      this.#add(this.#half + this.#decoder.decode());
    } catch {
      return false;
    }
    return this.#half === "";
  }

  /** The line, counted from 1, of a position that is not before one that was asked for earlier. */
  lineAt(position: number): number {
    let found = this.text.indexOf("\n", this.#countedTo);
    while (found >= 0 && found < position) {
      this.#line++;
      this.#countedTo = found + 1;
      found = this.text.indexOf("\n", this.#countedTo);
    }
    return this.#line;
  }

  /**
   * Moves on to the next line that begins with an opening brace (a comma or a bracket may stand before
   * it): where to go on after something that was not understood. False where there is none yet.
   */
  skipToObject(): boolean {
    for (let end = this.text.indexOf("\n", this.at); end >= 0; end = this.text.indexOf("\n", this.at)) {
      const start = firstNotBefore(this.text, end + 1);
      const unit = this.text.charCodeAt(start);
      if (start === this.text.length && start - end < blanksMax && !this.isWhole) {
        this.at = end;
        return false;
      }
      this.at = end + 1;
      if (unit === brace || unit === hash) return true;
    }
    this.at = this.text.length;
    return false;
  }

  #add(decoded: string): void {
    if (this.at > 0) {
      this.lineAt(this.at);
      this.#countedTo = Math.max(0, this.#countedTo - this.at);
      this.text = this.text.slice(this.at);
      this.at = 0;
    }
    const isMarked = this.#isStart && decoded.charCodeAt(0) === 0xfeff;
    if (decoded !== "") this.#isStart = false;
    this.text += isMarked ? decoded.slice(1) : decoded;
  }

  #decoded(chunk: Uint8Array): string | null {
    try {
      return this.#decoder.decode(chunk, { stream: true });
    } catch {
      return null;
    }
  }

  #whole(chunk: string): string {
    const text = this.#half + chunk;
    const isCut = /[\ud800-\udbff]$/.test(text);
    this.#half = isCut ? text.slice(-1) : "";
    return isCut ? text.slice(0, -1) : text;
  }
}

const hash = 35;
const brace = 123;
/** Blanks at the beginning of a line that are kept until it is known what follows them. */
const blanksMax = 1024;

/** The first position from `from` that holds no blank, comma or opening bracket; the length if there is none. */
function firstNotBefore(text: string, from: number): number {
  let at = from;
  for (; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit !== 32 && unit !== 9 && unit !== 13 && unit !== 44 && unit !== 91 && unit !== 40) break;
  }
  return at;
}
