/** What a splitter tells its owner. Lines come without their `\n`, counted from 1. */
export interface LineSink {
  line(text: string, number: number): void;
  tooLong(number: number): void;
  notUtf8(number: number): void;
}

/** What was left after the last line end. */
export type LineRest =
  | { readonly kind: "none" }
  | { readonly kind: "text"; readonly text: string; readonly number: number }
  | { readonly kind: "not-utf8"; readonly number: number };

const newline = 10;
/** Bytes that are decoded at once: large enough to be fast, small enough not to hold a file twice. */
const blockBytes = 1 << 18;
/** A UTF-16 unit takes at most this many bytes in UTF-8. */
const bytesPerUnitMax = 3;

/**
 * Cuts chunks of UTF-8 into lines. Decodes whole blocks, because that is several times faster than line
 * by line; only a block that is no UTF-8 is decoded again line by line, to name the bad one. A line is
 * never collected beyond `maxLineBytes`, however the file is chunked.
 */
export class LineSplitter {
  readonly #sink: LineSink;
  readonly #maxLineBytes: number;
  // The byte-order mark is taken off by hand: the decoder would take one off every block.
  readonly #decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  readonly #encoder = new TextEncoder();
  #carried = new Uint8Array(1024);
  #carriedBytes = 0;
  #skipping = false;
  #number = 1;
  /** First half of a character that a chunk of text was cut in. */
  #half = "";

  constructor(sink: LineSink, maxLineBytes: number) {
    this.#sink = sink;
    this.#maxLineBytes = maxLineBytes;
  }

  /** Number of the line that the next byte belongs to. */
  get number(): number {
    return this.#number;
  }

  /** Takes the next part of the file; it may end anywhere, in the midst of a character too. */
  push(chunk: Uint8Array | string): void {
    const bytes = typeof chunk === "string" ? this.#encode(chunk) : chunk;
    for (let at = 0; at < bytes.length; at += blockBytes) this.#block(bytes.subarray(at, at + blockBytes));
  }

  /** Ends the file and gives what stood after its last line end. */
  rest(): LineRest {
    if (this.#half !== "") this.#carry(this.#encoder.encode(this.#half));
    if (this.#skipping || this.#carriedBytes === 0) return { kind: "none" };
    const text = this.#decode(this.#takeCarried());
    if (text === null) return { kind: "not-utf8", number: this.#number };
    return { kind: "text", text: this.#number === 1 ? withoutMark(text) : text, number: this.#number };
  }

  #encode(chunk: string): Uint8Array {
    const text = this.#half + chunk;
    const cut = /[\ud800-\udbff]$/.test(text);
    this.#half = cut ? text.slice(-1) : "";
    return this.#encoder.encode(cut ? text.slice(0, -1) : text);
  }

  #block(block: Uint8Array): void {
    const last = block.lastIndexOf(newline);
    if (last < 0) {
      this.#carry(block);
      return;
    }
    let start = 0;
    if (this.#skipping || this.#carriedBytes > 0) {
      start = block.indexOf(newline) + 1;
      this.#endCarried(block.subarray(0, start - 1));
    }
    if (start <= last) this.#lines(block.subarray(start, last));
    if (last + 1 < block.length) this.#carry(block.subarray(last + 1));
  }

  #endCarried(end: Uint8Array): void {
    if (!this.#skipping) this.#carry(end);
    if (this.#skipping) {
      this.#skipping = false;
      this.#number++;
    } else this.#lines(this.#takeCarried());
  }

  /** `bytes` hold one or more whole lines, without the last line end. */
  #lines(bytes: Uint8Array): void {
    const text = this.#decode(bytes);
    if (text === null) {
      this.#linesOneByOne(bytes);
      return;
    }
    for (let at = 0; ; ) {
      const end = text.indexOf("\n", at);
      this.#line(end < 0 ? text.slice(at) : text.slice(at, end));
      if (end < 0) return;
      at = end + 1;
    }
  }

  #linesOneByOne(bytes: Uint8Array): void {
    for (let at = 0; ; ) {
      const end = bytes.indexOf(newline, at);
      const text = this.#decode(bytes.subarray(at, end < 0 ? bytes.length : end));
      if (text !== null) this.#line(text);
      else this.#sink.notUtf8(this.#number++);
      if (end < 0) return;
      at = end + 1;
    }
  }

  #line(text: string): void {
    const number = this.#number++;
    const line = number === 1 ? withoutMark(text) : text;
    const maybeTooLong = line.length * bytesPerUnitMax > this.#maxLineBytes;
    if (maybeTooLong && this.#encoder.encode(text).length > this.#maxLineBytes) this.#sink.tooLong(number);
    else this.#sink.line(line, number);
  }

  #carry(bytes: Uint8Array): void {
    if (this.#skipping) return;
    const total = this.#carriedBytes + bytes.length;
    if (total > this.#maxLineBytes) {
      this.#sink.tooLong(this.#number);
      this.#skipping = true;
      this.#carriedBytes = 0;
      return;
    }
    if (total > this.#carried.length) {
      const larger = new Uint8Array(Math.max(total, this.#carried.length * 2));
      larger.set(this.#carried.subarray(0, this.#carriedBytes));
      this.#carried = larger;
    }
    this.#carried.set(bytes, this.#carriedBytes);
    this.#carriedBytes = total;
  }

  #takeCarried(): Uint8Array {
    const taken = this.#carried.subarray(0, this.#carriedBytes);
    this.#carriedBytes = 0;
    return taken;
  }

  #decode(bytes: Uint8Array): string | null {
    try {
      return this.#decoder.decode(bytes);
    } catch {
      return null;
    }
  }
}

function withoutMark(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}
