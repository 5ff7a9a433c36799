import { FaultlineError } from "../../faultline-error.ts";

/** Goes through one message of Kafka's protocol, value by value. Every step throws `kafka-unreadable` past the end. */
export class KafkaCursor {
  readonly #bytes: Buffer;
  #at = 0;
  #mark = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** The next bytes. */
  skip(count: number): Buffer {
    if (count < 0 || this.#at + count > this.#bytes.length) throw tooShort(this.#bytes.length);
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }

  int16(): number {
    return this.skip(2).readInt16BE(0);
  }

  int32(): number {
    return this.skip(4).readInt32BE(0);
  }

  /** A string, or null, in the form of the versions that are not flexible. */
  string(): string | null {
    const length = this.int16();
    return length < 0 ? null : this.skip(length).toString();
  }

  /** A number that is not negative, in the form of the flexible versions. */
  varint(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.skip(1).readUInt8(0);
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
    throw tooShort(this.#bytes.length);
  }

  /** The tagged fields that end a structure of the flexible versions. */
  tags(): void {
    for (let left = this.varint(); left > 0; left--) {
      this.varint();
      this.skip(this.varint());
    }
  }

  /** What was gone through since the last call, or since what was dropped. */
  passed(): Buffer {
    const passed = this.#bytes.subarray(this.#mark, this.#at);
    this.#mark = this.#at;
    return passed;
  }

  /** Leaves out of `passed` what was gone through since. */
  drop(): void {
    this.#mark = this.#at;
  }

  /** All that was not gone through yet. */
  rest(): Buffer {
    return this.#bytes.subarray(this.#at);
  }
}

function tooShort(length: number): FaultlineError {
  return new FaultlineError(
    "harness",
    "kafka-unreadable",
    `A message of Kafka's protocol of ${length} bytes ends before what it announces.`,
    "Does something else than Kafka listen there?",
  );
}
