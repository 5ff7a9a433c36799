import type { HistoryFormat } from "../formats/format-names.ts";
import { looksKeyed } from "../formats/keyed-values.ts";
import { pairCalls } from "../formats/pair-calls.ts";
import type { TimedPart } from "../formats/timed-part.ts";
import type { ReadTranscript } from "../formats/transcript-reader.ts";
import type { ReadError } from "../history/read-error.ts";
import type { LintReport } from "./finding.ts";
import { FindingList, type LintRule } from "./finding-list.ts";
import { lintCalls } from "./lint-calls.ts";
import { lintFunctions } from "./lint-functions.ts";
import { lintOrder } from "./lint-order.ts";
import { lintOthers } from "./lint-others.ts";
import { lintReads } from "./lint-reads.ts";
import { lintShapes } from "./lint-shapes.ts";
import { lintValues } from "./lint-values.ts";

/** What the linter can be told. */
export interface LintOptions {
  /** Findings of one kind that are listed at most; 1000 unless given. */
  readonly limitPerCode?: number;
  /** Are values pairs of a key and a value? Guessed where it is clear. */
  readonly keyed?: boolean;
}

/**
 * Everything about a file that a verdict on it depends on: lines that cannot be read, calls that do not fit
 * together, contradicting indexes and times, values that are not unique, writes that nobody looked at,
 * functions and records that nobody knows, a file with nothing in it. Works on files that a reader refuses. Linear.
 */
export function lintHistory(
  { read, others }: TimedPart,
  format: HistoryFormat,
  options: LintOptions = {},
): LintReport {
  const { transcript, problems } = read;
  const findings = new FindingList(transcript, options.limitPerCode ?? 1000);
  for (const error of problems.errors) findings.addLine(unreadable(error), error.line, () => wording(error));
  for (const warning of problems.warnings) {
    findings.addLine(leftOver(warning), warning.line, () => wording(warning));
  }
  const last = problems.errors.at(-1);
  if (problems.stopped && last !== undefined) {
    findings.addLine(stopped, last.line, () => `nothing after this line was read (${last.code})`);
  }
  lintWholeFile(read, findings);
  const isEmpty = transcript.length === 0 && !others.some(({ event }) => event.type === "record");
  if (isEmpty && problems.errors.length === 0) {
    findings.addLine(nothing, 1, () => `no operation and no record is in the file, read as ${format}`);
  }
  const isStrict = format === "ndjson";
  const isKeyed = options.keyed ?? (!isStrict && looksKeyed(transcript));
  const pairs = pairCalls(transcript);
  lintCalls(transcript, pairs, isStrict, findings);
  lintOrder(transcript, isStrict, findings);
  lintValues(transcript, pairs, isKeyed, findings);
  lintReads(transcript, pairs, isKeyed, findings);
  lintFunctions(transcript, findings);
  lintShapes(transcript, isKeyed, findings);
  lintOthers(transcript, others, findings);
  return findings.report();
}

function lintWholeFile({ leftOut, hasRealTime }: ReadTranscript, findings: FindingList): void {
  const nemesis: LintRule = {
    code: "left-out",
    effect: "they are left out: what the nemesis did is not seen",
    changesVerdict: false,
  };
  const sessions: LintRule = {
    code: "no-real-time",
    effect: "nothing that depends on real time can be answered",
    changesVerdict: false,
  };
  if (leftOut > 0) {
    findings.addLine(nemesis, 1, () => `${leftOut} lines of a nemesis or of others that are no clients`);
  }
  if (!hasRealTime) findings.addLine(sessions, 1, () => "sessions stand one after the other");
}

const nothing: LintRule = {
  code: "no-operation",
  effect: "every checker says unknown: there is nothing to examine; --format names another format",
  changesVerdict: true,
};

const stopped: LintRule = {
  code: "reading-stopped",
  effect: "what else is wrong with the file is not known",
  changesVerdict: true,
};

function unreadable({ code }: ReadError): LintRule {
  return { code, effect: "check refuses the file", changesVerdict: true };
}

function leftOver({ code }: ReadError): LintRule {
  return { code, effect: "what was cut off is not seen", changesVerdict: false };
}

function wording({ field, expected, found, hint }: ReadError): string {
  return `${field}: expected ${expected}, found ${found}; ${hint}`;
}
