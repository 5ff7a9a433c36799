import type { History } from "./history.ts";
import type { ReadError } from "./read-error.ts";

/** Limits of a reader: the file is not trusted. */
export interface HistoryReaderOptions {
  /** Name of the file in errors. */
  readonly file?: string;
  /** Longest line in bytes; 1 MiB unless given. */
  readonly maxLineBytes?: number;
  /** Deepest nesting of a line, which itself is level 1; 64 unless given. */
  readonly maxDepth?: number;
  /** Most lines of a file; 50 million unless given. */
  readonly maxLines?: number;
  /** Errors after which reading stops; 20 unless given. */
  readonly maxErrors?: number;
}

/** A history, or what is wrong with its file. Warnings do not stop a history from being read. */
export type ReadHistoryResult =
  | { readonly ok: true; readonly history: History; readonly warnings: readonly ReadError[] }
  | {
      readonly ok: false;
      readonly errors: readonly [ReadError, ...ReadError[]];
      readonly warnings: readonly ReadError[];
    };
