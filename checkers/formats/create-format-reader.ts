import { createHistoryReader, type HistoryReader } from "../history/ndjson-reader.ts";
import { etcdLog } from "./etcd-log.ts";
import type { HistoryFormat } from "./format-names.ts";
import { isolationText } from "./isolation-text.ts";
import { createJepsenReader } from "./jepsen-reader.ts";
import { KeyKinds } from "./key-kinds.ts";
import { createLineTranscript } from "./line-transcript.ts";
import { ndjsonTranscript } from "./ndjson-transcript.ts";
import { historyOfTranscript } from "./transcript-history.ts";
import type { ForeignReaderOptions, TranscriptReader } from "./transcript-reader.ts";

/**
 * A reader of histories in that format. Never throws on bad data: what cannot be read is an error with
 * line and field, what had to be decided is a warning. Linear; holds the history and one form or line.
 */
export function createFormatReader(format: HistoryFormat, options: ForeignReaderOptions = {}): HistoryReader {
  if (format === "ndjson") return createHistoryReader(options);
  const reader = createTranscriptReader(format, options);
  return {
    push: (chunk) => reader.push(chunk),
    end: () => historyOfTranscript(reader.end(), options.keyed),
  };
}

/**
 * A reader that stops at the transcript: the lines as they stand, before they are made a history. `kinds` is shared by files that
 * become one history.
 */
export function createTranscriptReader(
  format: HistoryFormat,
  options: ForeignReaderOptions = {},
  kinds: KeyKinds = new KeyKinds(),
): TranscriptReader {
  switch (format) {
    case "ndjson":
      return createLineTranscript(options, ndjsonTranscript(options.maxDepth ?? 64, { kinds }));
    case "jepsen-edn":
    case "porcupine-kv":
      return createJepsenReader("edn", options, kinds);
    case "jepsen-json":
      return createJepsenReader("json", options, kinds);
    case "etcd-log":
      return createLineTranscript(options, etcdLog);
    case "isolation-text":
      return createLineTranscript(options, isolationText);
  }
}
