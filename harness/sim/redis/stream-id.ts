import { redisError } from "./redis-errors.ts";
import { UnsupportedByRedisModelError } from "./unsupported-by-redis-model-error.ts";

/** The id of a stream entry: milliseconds and a sequence number. */
export interface StreamId {
  readonly ms: number;
  readonly sequence: number;
}

/** Below every entry: no entry has it. */
export const MIN_STREAM_ID: StreamId = { ms: 0, sequence: 0 };

/** Above every entry that the model can hold. */
export const MAX_STREAM_ID: StreamId = { ms: Number.MAX_SAFE_INTEGER, sequence: Number.MAX_SAFE_INTEGER };

/** Negative, zero or positive: the order of two ids. */
export function compareStreamIds(left: StreamId, right: StreamId): number {
  return left.ms - right.ms || left.sequence - right.sequence;
}

/** As Redis writes it: `ms-sequence`. */
export function streamIdText(id: StreamId): string {
  return `${id.ms}-${id.sequence}`;
}

/**
 * Reads `ms-sequence` or `ms`, where `sequenceIfMissing` completes the latter. Throws Redis' error, or
 * the model's where a number is beyond 2⁵³.
 */
export function parseStreamId(text: string, sequenceIfMissing = 0): StreamId {
  const match = /^(\d{1,20})(?:-(\d{1,20}))?$/.exec(text);
  if (match === null) throw redisError("ERR Invalid stream ID specified as stream command argument");
  const ms = Number(match[1]);
  const sequence = match[2] === undefined ? sequenceIfMissing : Number(match[2]);
  if (!Number.isSafeInteger(ms) || !Number.isSafeInteger(sequence)) {
    throw new UnsupportedByRedisModelError(`the stream id ${text}`, "ids of numbers below 2^53");
  }
  return { ms, sequence };
}

/** The id directly after. */
export function nextStreamId(id: StreamId): StreamId {
  return { ms: id.ms, sequence: id.sequence + 1 };
}
