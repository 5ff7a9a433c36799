import type { HistoryFormat } from "../checkers/formats/format-names.ts";
import type { History } from "../checkers/history/history.ts";
import { measureLabel } from "../checkers/measure.ts";
import type { Verdict } from "../checkers/verdict.ts";
import type { CheckedBy } from "./render-check.ts";

/** One file, and what the checkers said of it. */
export interface CheckedFile {
  /** As it was named. */
  readonly file: string;
  readonly format: HistoryFormat;
  readonly history: History;
  readonly warnings: readonly string[];
  readonly verdict: Verdict;
  readonly results: readonly CheckedBy[];
}

/** The JSON document of `faultline check`; `checkers` at the top where there is one file only. */
export function checkDocument(verdict: Verdict, files: readonly CheckedFile[]): unknown {
  const documents = files.map(({ file, format, history, warnings, verdict: own, results }) => ({
    file,
    format,
    events: history.length,
    warnings,
    verdict: own,
    checkers: results.map(checkerDocument),
  }));
  const [only] = documents;
  return {
    format: "faultline-check",
    version: 1,
    verdict,
    ...(documents.length === 1 && only !== undefined ? { checkers: only.checkers } : {}),
    files: documents,
  };
}

/** What a checker answers besides the verdict, such as `anomalyTypes`, stands beside it. */
function checkerDocument({ checker, result, ms }: CheckedBy): object {
  const { details = {}, measures, ...stats } = result.stats;
  const byLabel = measures?.map((measure) => [measureLabel(measure), measure.value] as const);
  return {
    ...details,
    name: checker.name,
    claim: checker.claim,
    verdict: result.verdict,
    reason: result.verdict === "unknown" ? result.reason : null,
    anomalies: result.anomalies,
    stats: { ...stats, ms, ...(byLabel === undefined ? {} : { measures: Object.fromEntries(byLabel) }) },
  };
}
