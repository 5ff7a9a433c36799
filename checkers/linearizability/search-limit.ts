import type { CheckBudget } from "../check-budget.ts";

/** Bytes that a search takes at most where the budget does not limit them: more may be more than there is. */
const bytesAtMost = 1_000_000_000;

/** Something that a search keeps. */
interface KeptPart {
  /** Bytes taken. */
  readonly bytes: number;
}

/** Why a search that keeps these must end, in words that follow "stopped: "; null: it goes on. */
export function searchLimit(
  budget: CheckBudget | undefined,
  kept: readonly KeptPart[],
  done: number,
): string | null {
  const bytes = kept.reduce((sum, part) => sum + part.bytes, 0);
  const over = budget?.exceeded(bytes, done) ?? null;
  if (over !== null || budget?.isSized === true || bytes <= bytesAtMost) return over;
  return `the search took more than ${bytesAtMost / 1_000_000} MB of memory, with ${Math.floor(done * 100)} % of the work done`;
}
