import type { HistoryFormat } from "../formats/format-names.ts";
import { KeyKinds } from "../formats/key-kinds.ts";
import { createPartReader } from "../formats/timed-part.ts";
import type { LintReport } from "./finding.ts";
import { type LintOptions, lintHistory } from "./lint-history.ts";

/** Unreadable lines after which the rest of a file is not looked at; a finding says so. */
const errorsMax = 100_000;

/** Takes a file in chunks that may end anywhere, and lints it in the end. */
export interface HistoryLinter {
  /** False once the rest need not be read. */
  push(chunk: Uint8Array | string): boolean;
  /** Ends the file. */
  end(): LintReport;
}

/** A linter of files in that format. Never throws on bad data; see {@link lintHistory}. */
export function lintFile(format: HistoryFormat, options: LintOptions = {}): HistoryLinter {
  const reader = createPartReader(format, new KeyKinds(), { maxErrors: errorsMax });
  return {
    push: (chunk) => reader.push(chunk),
    end: () => lintHistory(reader.end(), format, options),
  };
}
