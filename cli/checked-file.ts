import type { HistoryFormat } from "../checkers/formats/format-names.ts";
import type { History } from "../checkers/history/history.ts";
import { measureLabel } from "../checkers/measure.ts";
import type { Verdict } from "../checkers/verdict.ts";
import { type FileOutcome, failureDocument } from "./file-failure.ts";
import type { CheckedBy } from "./render-check.ts";
import { witnessPlaces } from "./witness-places.ts";

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
export function checkDocument(verdict: Verdict, files: readonly FileOutcome<CheckedFile>[]): unknown {
  const documents = files.map(({ done, failure }) =>
    failure === undefined ? fileDocument(done) : { file: failure.file, error: failureDocument(failure) },
  );
  const [only, ...others] = files;
  return {
    format: "faultline-check",
    version: 1,
    verdict,
    ...(others.length === 0 && only?.done !== undefined
      ? { checkers: only.done.results.map((checked) => checkerDocument(checked, only.done.history)) }
      : {}),
    files: documents,
  };
}

function fileDocument({ file, format, history, warnings, verdict, results }: CheckedFile): object {
  return {
    file,
    format,
    events: history.length,
    warnings,
    verdict,
    checkers: results.map((checked) => checkerDocument(checked, history)),
  };
}

/** What a checker answers besides the verdict, such as `anomalyTypes`, stands beside it. */
function checkerDocument({ checker, result, ms }: CheckedBy, history: History): object {
  const { details = {}, measures, ...stats } = result.stats;
  const byLabel = measures?.map((measure) => [measureLabel(measure), measure.value] as const);
  return {
    ...details,
    name: checker.name,
    claim: checker.claim,
    verdict: result.verdict,
    reason: result.verdict === "unknown" ? result.reason : null,
    anomalies: result.anomalies.map((anomaly) => ({ ...anomaly, ...witnessPlaces(history, anomaly) })),
    stats: { ...stats, ms, ...(byLabel === undefined ? {} : { measures: Object.fromEntries(byLabel) }) },
  };
}
