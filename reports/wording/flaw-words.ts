import type { FlawCount, FormSummary } from "../../harness/record/suite-record.ts";
import { countText, plural } from "./numbers.ts";

/** The flaws of a form that were found, of how many: null where the form lists none. */
export function flawsFound({ flaws }: Pick<FormSummary, "flaws">): { found: number; of: number } | null {
  if (flaws === undefined) return null;
  return { found: flaws.filter(({ runs }) => runs > 0).length, of: flaws.length };
}

/** What a flaw is seen by, without its checkers: `negative-amount`, `lost-update or two-winners`. */
export function flawSeenBy({ expects }: FlawCount): string {
  const types = expects.map((expected) => expected.slice(expected.indexOf("/") + 1));
  return [...new Set(types)].join(" or ");
}

/** How often a flaw was found and where first: `in 12 runs, first in run 3 (seed 45)`, or `not found`. */
export function flawPlace({ runs, firstRun, firstSeed }: FlawCount): string {
  if (runs === 0) return "not found";
  const seed = firstSeed === null ? "" : ` (seed ${firstSeed})`;
  const first = firstRun === null ? "" : `, first in run ${countText(firstRun)}${seed}`;
  return `in ${plural(runs, "run")}${first}`;
}
