import { mergeVerdicts, type Verdict } from "../../checkers/verdict.ts";
import type { FormSummary } from "./suite-record.ts";

/**
 * The verdict of a whole sweep. Of every form: valid when each did what is expected of it, invalid when
 * a hardened form has an anomaly or a textbook form or defect got away. Of one form that was asked for:
 * what its runs say.
 */
export function judgeSuite(summary: readonly FormSummary[], singleForm: boolean, complete: boolean): Verdict {
  const verdicts = summary.map((form) => (singleForm ? verdictOfRuns(form) : verdictOfJudgement(form)));
  const verdict = mergeVerdicts(verdicts);
  return verdict === "valid" && !complete ? "unknown" : verdict;
}

function verdictOfRuns(form: FormSummary): Verdict {
  if (form.invalid > 0) return "invalid";
  return form.unknown > 0 || form.valid === 0 ? "unknown" : "valid";
}

function verdictOfJudgement({ judgement }: FormSummary): Verdict {
  if (judgement === "as-expected") return "valid";
  return judgement === "anomaly" || judgement === "got-away" ? "invalid" : "unknown";
}
