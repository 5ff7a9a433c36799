import { createTranscriptReader } from "./create-format-reader.ts";
import type { HistoryFormat } from "./format-names.ts";
import type { KeyKinds } from "./key-kinds.ts";
import { createLineTranscript } from "./line-transcript.ts";
import { ndjsonTranscript, type OtherLine } from "./ndjson-transcript.ts";
import type { ForeignReaderOptions, ReadTranscript } from "./transcript-reader.ts";

/** One file whose lines are still to be put in order. */
export interface TimedPart {
  /** As it was named. */
  readonly file: string;
  readonly read: ReadTranscript;
  /** Faults, phases and records, in the order of the file. */
  readonly others: readonly OtherLine[];
}

/** Takes one file in chunks that may end anywhere. */
export interface PartReader {
  /** False once the rest need not be read. */
  push(chunk: Uint8Array | string): boolean;
  /** Ends the file. */
  end(): TimedPart;
}

/**
 * A reader of one file of that format whose lines need not be in order; {@link historyByTime} makes a history of one or more of
 * them. `kinds` is shared by files that become one history. Never throws on bad data. Linear.
 */
export function createPartReader(
  format: HistoryFormat,
  kinds: KeyKinds,
  options: ForeignReaderOptions = {},
): PartReader {
  const others: OtherLine[] = [];
  const reader =
    format === "ndjson"
      ? createLineTranscript(options, ndjsonTranscript(options.maxDepth ?? 64, { kinds, others }))
      : createTranscriptReader(format, options, kinds);
  return {
    push: (chunk) => reader.push(chunk),
    end: () => ({ file: options.file ?? "history", read: reader.end(), others }),
  };
}
