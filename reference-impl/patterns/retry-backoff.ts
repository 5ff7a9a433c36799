/** How often and how fast something is tried again. */
export interface RetryPolicy {
  readonly attempts: number;
  /** The pause before the second attempt, plus up to as much again; doubled before each further one. */
  readonly backoffMs: number;
  /** No pause is longer than this, the random part included. Without it: no bound. */
  readonly backoffMsMax?: number;
}

/** The pause after so many failed attempts: exponential, with jitter, so that callers do not come back in step. */
export function retryPauseMs(policy: RetryPolicy, failed: number, random: () => number): number {
  const pauseMs = Math.ceil(policy.backoffMs * 2 ** (failed - 1) * (1 + random()));
  return Math.min(pauseMs, policy.backoffMsMax ?? Number.POSITIVE_INFINITY);
}
