import type { Transcript } from "../formats/transcript.ts";
import type { LintFinding, LintReport } from "./finding.ts";

/** What is the same for all findings of one kind. */
export interface LintRule {
  readonly code: string;
  readonly effect: string;
  readonly changesVerdict: boolean;
}

/** Collects findings, up to a limit for each kind. */
export class FindingList {
  readonly #transcript: Transcript;
  readonly #limit: number;
  readonly #findings: LintFinding[] = [];
  readonly #counts = new Map<string, number>();
  #changing = 0;

  /** @throws RangeError unless the limit is a whole number of at least 1. */
  constructor(transcript: Transcript, limitPerCode: number) {
    if (!Number.isSafeInteger(limitPerCode) || limitPerCode < 1) {
      throw new RangeError(`limit: expected a whole number of at least 1, found ${limitPerCode}`);
    }
    this.#transcript = transcript;
    this.#limit = limitPerCode;
  }

  /** A finding on a row of the transcript; it is worded only if it is listed. */
  add(rule: LintRule, row: number, message: () => string): void {
    const index = this.#transcript.index[row]!;
    this.#add(rule, this.#transcript.line[row]!, Number.isNaN(index) ? undefined : index, message);
  }

  /** A finding on a line that is no row of the transcript. */
  addLine(rule: LintRule, line: number, message: () => string): void {
    this.#add(rule, line, undefined, message);
  }

  #add(rule: LintRule, line: number, index: number | undefined, message: () => string): void {
    const count = (this.#counts.get(rule.code) ?? 0) + 1;
    this.#counts.set(rule.code, count);
    if (rule.changesVerdict) this.#changing++;
    if (count > this.#limit) return;
    const { code, effect, changesVerdict } = rule;
    const at = index === undefined ? { line } : { line, index };
    this.#findings.push({ code, ...at, message: message(), effect, changesVerdict });
  }

  /** All of them by line, with how many were left out. */
  report(): LintReport {
    const omitted: [string, number][] = [];
    for (const [code, count] of this.#counts) {
      if (count > this.#limit) omitted.push([code, count - this.#limit]);
    }
    return {
      findings: this.#findings.sort((a, b) => a.line - b.line),
      limitPerCode: this.#limit,
      omitted: Object.fromEntries(omitted),
      operations: this.#transcript.length,
      changing: this.#changing,
    };
  }
}
