import type { ProducedRecord } from "./log-record.ts";

/** A message as a service hands it to the producer, checked. */
export interface ProducerMessage {
  readonly key?: Buffer | string | null;
  readonly value: Buffer | string | null;
  readonly timestamp?: string;
  readonly headers?: Readonly<Record<string, Buffer | string>>;
}

/** What a record takes besides key, value and headers, about. */
const RECORD_OVERHEAD_BYTES = 7;
const HEADER_OVERHEAD_BYTES = 2;

/** Messages as bytes, as kafkajs encodes them when it sends them: later changes are not seen. */
export function encodeBatch(messages: readonly ProducerMessage[], nowMs: number): ProducedRecord[] {
  return messages.map(({ key, value, timestamp, headers }) => {
    const keyBytes = bytesOf(key);
    const valueBytes = bytesOf(value);
    let sizeBytes = RECORD_OVERHEAD_BYTES + (keyBytes?.length ?? 0) + (valueBytes?.length ?? 0);
    const encoded: Record<string, Buffer> = {};
    for (const [name, header] of Object.entries(headers ?? {})) {
      const bytes = Buffer.from(header);
      Object.defineProperty(encoded, name, { value: bytes, enumerable: true });
      sizeBytes += HEADER_OVERHEAD_BYTES + name.length + bytes.length;
    }
    return {
      timestamp: String(timestamp || nowMs),
      key: keyBytes,
      value: valueBytes,
      headers: encoded,
      sizeBytes,
    };
  });
}

function bytesOf(data: Buffer | string | null | undefined): Buffer | null {
  if (data === null || data === undefined) return null;
  // A copy, also of a Buffer.
  return typeof data === "string" ? Buffer.from(data) : Buffer.from(data);
}
