import { FaultlineError } from "../../faultline-error.ts";

/** More than twice what a broker takes unless configured otherwise. The start of TLS, read as a size, is more. */
const FRAME_BYTES_MAX = 2 ** 28;
/** The longest frame that is kept until it is whole. */
export const WHOLE_BYTES_MAX: number = 4 * 2 ** 20;

const SIZE_BYTES = 4;

/**
 * What becomes of a frame: it passes as it comes (null), or is kept until it is whole, and what the function answers
 * goes on in its place. Both without the size that comes before a frame.
 */
export type FrameUse = ((frame: Buffer) => Buffer) | null;

/**
 * Cuts one direction of a Kafka connection into frames, whichever way the bytes come in pieces
 * (https://kafka.apache.org/43/design/protocol/). Keeps no more than the beginning of a frame, or, of one that is
 * replaced, {@link WHOLE_BYTES_MAX}.
 */
export class KafkaFrames {
  readonly #headBytes: number;
  readonly #use: (head: Buffer, frameBytes: number) => FrameUse;
  #held: Buffer[] = [];
  #heldBytes = 0;
  /** How much must be held before it is looked at. */
  #wantedBytes: number;
  #replace: FrameUse = null;
  /** Of a frame that passes as it comes: what is still to come. */
  #passingBytes = 0;

  /** `use` is asked once for each frame, when its first `headBytes` are there. */
  constructor(headBytes: number, use: (head: Buffer, frameBytes: number) => FrameUse) {
    this.#headBytes = headBytes;
    this.#use = use;
    this.#wantedBytes = SIZE_BYTES + headBytes;
  }

  /** What goes on now that this piece has come: nothing, parts of frames, several frames. Throws `kafka-unreadable`. */
  push(piece: Buffer): Buffer {
    const passed: Buffer[] = [];
    for (let at = 0; at < piece.length; ) {
      const missing = this.#passingBytes > 0 ? this.#passingBytes : this.#wantedBytes - this.#heldBytes;
      const part = piece.subarray(at, at + missing);
      at += part.length;
      if (this.#passingBytes > 0) {
        this.#passingBytes -= part.length;
        passed.push(part);
        continue;
      }
      this.#held.push(part);
      this.#heldBytes += part.length;
      while (this.#heldBytes === this.#wantedBytes) passed.push(this.#look());
    }
    return Buffer.concat(passed);
  }

  /** What is wanted is there: the beginning of a frame, or a whole one. */
  #look(): Buffer {
    const held = Buffer.concat(this.#held);
    const frame = held.subarray(SIZE_BYTES);
    this.#hold([]);
    if (this.#replace !== null) {
      const replaced = this.#replace(frame);
      this.#replace = null;
      this.#wantedBytes = SIZE_BYTES + this.#headBytes;
      const size = Buffer.alloc(SIZE_BYTES);
      size.writeInt32BE(replaced.length);
      return Buffer.concat([size, replaced]);
    }
    const frameBytes = held.readInt32BE(0);
    if (frameBytes < this.#headBytes || frameBytes > FRAME_BYTES_MAX) {
      throw unreadable(frameBytes, FRAME_BYTES_MAX);
    }
    this.#replace = this.#use(frame, frameBytes);
    if (this.#replace === null) {
      this.#passingBytes = frameBytes - this.#headBytes;
      return held;
    }
    if (frameBytes > WHOLE_BYTES_MAX) throw unreadable(frameBytes, WHOLE_BYTES_MAX);
    this.#wantedBytes = SIZE_BYTES + frameBytes;
    this.#hold([held]);
    return Buffer.alloc(0);
  }

  #hold(held: Buffer[]): void {
    this.#held = held;
    this.#heldBytes = held[0]?.length ?? 0;
  }
}

function unreadable(frameBytes: number, bytesMax: number): FaultlineError {
  return new FaultlineError(
    "harness",
    "kafka-unreadable",
    `A connection to Kafka cannot be read: a message of ${frameBytes} bytes was announced where one of at most ${bytesMax} was expected.`,
    "Is it encrypted, or does something else than Kafka listen there? TLS and SASL are not supported.",
  );
}
