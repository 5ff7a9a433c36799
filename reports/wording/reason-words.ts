import type { FormSummary } from "../../harness/record/suite-record.ts";
import { countText, plural } from "./numbers.ts";

/** Why runs of a form cannot tell, each reason with the runs that it holds for: `… touched nothing (in 22 of 100 runs)`. */
export function reasonTexts({ reasons, reasonCounts, seeds }: FormSummary): readonly string[] {
  if (reasonCounts === undefined) return reasons;
  return reasonCounts.map(
    ({ reason, runs }) => `${reason} (in ${countText(runs)} of ${plural(seeds, "run")})`,
  );
}
