/** The beginning of one message of PostgreSQL's protocol. */
export interface PostgresFrame {
  /** The type byte; "" for a message without one, with which a connection begins. */
  readonly type: string;
  /** The first bytes of its content, at most {@link HEAD_BYTES_MAX}. */
  readonly head: Buffer;
}

/** How much of a message is looked at: enough for the word COMMIT, a command tag or an error's code. */
export const HEAD_BYTES_MAX = 256;

/**
 * Cuts one direction of a PostgreSQL connection into messages, whichever way the bytes come in pieces
 * (https://www.postgresql.org/docs/18/protocol-message-formats.html). Keeps no more than a head.
 */
export class PostgresFrames {
  #untyped: boolean;
  #header: Buffer = Buffer.alloc(0);
  #type = "";
  #head: Buffer[] = [];
  #headMissing = 0;
  #skip = 0;
  /** False once the bytes make no sense as this protocol: encrypted, or another protocol. */
  readable = true;

  /** `untyped`: the first message has no type byte, as a client's has. */
  constructor(untyped: boolean) {
    this.#untyped = untyped;
  }

  /** The next byte stands alone (the answer to a request for encryption). */
  skipByte(): void {
    this.#skip++;
  }

  /** The next message has no type byte. */
  expectUntyped(): void {
    this.#untyped = true;
  }

  /** The messages whose heads are complete with this piece. */
  push(piece: Buffer): readonly PostgresFrame[] {
    const frames: PostgresFrame[] = [];
    let at = 0;
    while (at < piece.length && this.readable) {
      if (this.#headMissing > 0) at = this.#takeHead(piece, at, frames);
      else if (this.#skip > 0) {
        const skipped = Math.min(this.#skip, piece.length - at);
        this.#skip -= skipped;
        at += skipped;
      } else at = this.#takeHeader(piece, at, frames);
    }
    return frames;
  }

  #takeHeader(piece: Buffer, at: number, frames: PostgresFrame[]): number {
    const size = this.#untyped ? 4 : 5;
    const end = Math.min(piece.length, at + size - this.#header.length);
    this.#header = Buffer.concat([this.#header, piece.subarray(at, end)]);
    if (this.#header.length < size) return end;
    this.#type = this.#untyped ? "" : String.fromCharCode(this.#header[0] ?? 0);
    const content = this.#header.readInt32BE(size - 4) - 4;
    this.#header = Buffer.alloc(0);
    this.#untyped = false;
    if (content < 0 || content > 2 ** 30) {
      this.readable = false;
      return end;
    }
    this.#headMissing = Math.min(content, HEAD_BYTES_MAX);
    this.#skip = content - this.#headMissing;
    if (content === 0) this.#emit(frames);
    return end;
  }

  #takeHead(piece: Buffer, at: number, frames: PostgresFrame[]): number {
    const end = Math.min(piece.length, at + this.#headMissing);
    this.#head.push(piece.subarray(at, end));
    this.#headMissing -= end - at;
    if (this.#headMissing === 0) this.#emit(frames);
    return end;
  }

  #emit(frames: PostgresFrame[]): void {
    frames.push({ type: this.#type, head: Buffer.concat(this.#head) });
    this.#head = [];
  }
}
