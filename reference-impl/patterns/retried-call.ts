import type { ServiceClock } from "../service-needs.ts";
import type { CallOutcome } from "./outgoing-call.ts";
import { type RetryPolicy, retryPauseMs } from "./retry-backoff.ts";

/** Is a call that ended like this to be sent again? `attempt` counts from 1. */
export type TryAgain = (outcome: CallOutcome, attempt: number, policy: RetryPolicy) => boolean;

/** Only what may end otherwise another time: a refusal would be refused again. */
export const tryPassingFailures: TryAgain = (outcome, attempt, policy) =>
  (outcome.kind === "unknown" || outcome.kind === "not-sent") && attempt < policy.attempts;

/** A call that is sent again while its outcome is open. */
export interface RetriedCall {
  readonly clock: ServiceClock;
  readonly random: () => number;
  readonly policy: RetryPolicy;
  readonly tryAgain: TryAgain;
  /** Sends it. Every attempt must carry the same request key, or it may have its effect twice. */
  readonly send: (attempt: number) => Promise<CallOutcome>;
  /** Called before each pause; rejects to give up. */
  readonly beforePause?: () => Promise<void>;
}

/**
 * Sends a call until its outcome is certain or it is not to be tried again. Once an attempt may have been
 * carried out, one that never left says nothing: the whole stays unknown.
 */
export async function retriedCall(call: RetriedCall): Promise<CallOutcome> {
  let unknown: CallOutcome | null = null;
  for (let attempt = 1; ; attempt++) {
    const outcome = await call.send(attempt);
    if (outcome.kind === "done") return outcome;
    if (outcome.kind === "unknown") unknown = outcome;
    if (!call.tryAgain(outcome, attempt, call.policy)) {
      return outcome.kind === "not-sent" && unknown !== null ? unknown : outcome;
    }
    await call.beforePause?.();
    await call.clock.sleep(retryPauseMs(call.policy, attempt, call.random));
  }
}
