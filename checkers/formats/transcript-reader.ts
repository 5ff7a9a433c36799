import type { HistoryReaderOptions } from "../history/reader-types.ts";
import type { ProblemList } from "./problem-list.ts";
import type { Transcript } from "./transcript.ts";

/** What readers of foreign formats can be told besides the limits of any reader. */
export interface ForeignReaderOptions extends HistoryReaderOptions {
  /**
   * Are values pairs of a key and a value, as `jepsen.independent` writes them? Guessed where it is clear
   * unless it is said here.
   */
  readonly keyed?: boolean;
}

/** The lines of a file, and what is wrong with those that are not among them. */
export interface ReadTranscript {
  readonly transcript: Transcript;
  readonly problems: ProblemList;
  /** Real time cannot be told from the order of the lines: they stand session by session. */
  readonly hasRealTime: boolean;
  /** Where the transcript is of several files: their names. Then a line is a {@link placeNumber}. */
  readonly files?: readonly string[];
  /** Lines of a nemesis, or of others that are no clients. */
  readonly leftOut: number;
}

/** Takes a file in chunks that may end anywhere. */
export interface TranscriptReader {
  /** False once there are so many errors that the rest need not be read; more chunks are then ignored. */
  push(chunk: Uint8Array | string): boolean;
  /** Ends the file. */
  end(): ReadTranscript;
}
