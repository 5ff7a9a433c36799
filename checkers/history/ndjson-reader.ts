import { LineReader } from "./line-reader.ts";
import { LineSplitter } from "./line-splitter.ts";
import type { HistoryReaderOptions, ReadHistoryResult } from "./reader-types.ts";

/** Takes a file in chunks that may end anywhere. */
export interface HistoryReader {
  /** False once there are so many errors that the rest need not be read; more chunks are then ignored. */
  push(chunk: Uint8Array | string): boolean;
  /** Ends the file. */
  end(): ReadHistoryResult;
}

/**
 * A reader of history files (NDJSON, `docs/history-format.md`). Never throws on bad data: each malformed
 * line gives an error with line and field, and the lines after it are still read.
 *
 * Linear; holds the history, one block of 256 KiB and at most one line.
 */
export function createHistoryReader(options: HistoryReaderOptions = {}): HistoryReader {
  const lines = new LineReader(options);
  const splitter = new LineSplitter(lines, options.maxLineBytes ?? 1 << 20);
  return {
    push(chunk) {
      if (!lines.stopped) splitter.push(chunk);
      return !lines.stopped;
    },
    end() {
      const rest = splitter.rest();
      if (rest.kind !== "none") lines.unfinished(rest.kind === "text" ? rest.text : null, rest.number);
      return lines.result();
    },
  };
}
