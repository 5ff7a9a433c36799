import type { ServiceClock } from "../service-needs.ts";
import { type RetryPolicy, retryPauseMs } from "./retry-backoff.ts";
import { StoreFailure } from "./store-failure.ts";

/** What a retry needs of the world. */
export interface RetryNeeds {
  readonly clock: ServiceClock;
  readonly random: () => number;
}

/** The policy of all services: pauses of less than a second in all, so that a caller still waits. */
export const storeRetryPolicy: RetryPolicy = { attempts: 6, backoffMs: 15 };

/**
 * Tries again what failed for a passing reason. Every attempt starts from nothing, so it reloads what
 * it decides upon. Once the outcome of an attempt was unknown, a later `not-done` says nothing about
 * that attempt: the whole stays unknown unless an attempt succeeds.
 */
export async function retryStoreFailures<Result>(
  needs: RetryNeeds,
  policy: RetryPolicy,
  attempt: (number: number) => Promise<Result>,
): Promise<Result> {
  let unknown: StoreFailure | null = null;
  for (let number = 1; ; number++) {
    try {
      return await attempt(number);
    } catch (error) {
      if (!(error instanceof StoreFailure)) throw error;
      if (error.kind === "unknown") unknown = error;
      if (!error.retryable || number >= policy.attempts) throw unknown ?? error;
    }
    await needs.clock.sleep(retryPauseMs(policy, number, needs.random));
  }
}
