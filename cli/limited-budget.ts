import type { CheckBudget } from "../checkers/check-budget.ts";

const bytesPerMb = 1_000_000;

/** What a check may cost. Absent: as much as it takes. */
export interface BudgetLimits {
  readonly ms?: number;
  /** Megabytes of the checker's own working memory; the history itself is not counted. */
  readonly mb?: number;
}

/**
 * A budget that begins now, by the clock that is given. `onProgress` hears of each question that is
 * asked, with the share that is done (null where that cannot be told) and the milliseconds that went by.
 */
export function limitedBudget(
  limits: BudgetLimits,
  nowMs: () => number,
  onProgress: (done: number | null, elapsedMs: number) => void = () => {},
): CheckBudget {
  const startMs = nowMs();
  return {
    isTimed: limits.ms !== undefined,
    isSized: limits.mb !== undefined,
    exceeded(memoryBytes, done) {
      const elapsedMs = nowMs() - startMs;
      onProgress(done ?? null, elapsedMs);
      if (limits.ms !== undefined && elapsedMs > limits.ms) {
        return `the budget of ${limits.ms} ms is used up${share(done)}`;
      }
      if (limits.mb !== undefined && memoryBytes > limits.mb * bytesPerMb) {
        return `the budget of ${limits.mb} MB of memory is used up${share(done)}`;
      }
      return null;
    },
  };
}

function share(done: number | undefined): string {
  return done === undefined ? "" : `, with ${Math.floor(done * 100)} % of the work done`;
}
