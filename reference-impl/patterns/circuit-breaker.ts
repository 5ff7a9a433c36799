import type { ServiceClock } from "../service-needs.ts";

/** `closed`: calls pass. `open`: none does. `half-open`: a few pass, to find out. */
export type BreakerState = "closed" | "open" | "half-open";

/** When a breaker opens, and how it finds its way back. */
export interface BreakerPolicy {
  /** Failures in a row that open it. */
  readonly failuresToOpen: number;
  /** How long it lets nothing through before it tries again. */
  readonly openMs: number;
  /** How many calls may be under way at once while it tries. */
  readonly probesMax: number;
}

/** The policy of all services: short, since they are called again soon. */
export const breakerPolicy: BreakerPolicy = { failuresToOpen: 5, openMs: 200, probesMax: 1 };

/** Keeps calls away from a dependency that fails. */
export interface CircuitBreaker {
  readonly state: BreakerState;
  /** May a call be sent now? Whoever is told yes must report its end by `succeeded` or `failed`. */
  admit(): boolean;
  /** The dependency answered, be it with a refusal. */
  succeeded(): void;
  /** No answer, or one that says that it is in trouble. */
  failed(): void;
}

/** Makes the breaker of one dependency. */
export type MakeBreaker = (clock: ServiceClock, policy: BreakerPolicy) => CircuitBreaker;

/**
 * A circuit breaker (Nygard, "Release It!", 2007): so many failures in a row open it; after `openMs` a
 * bounded number of calls probes the dependency; one that succeeds closes it, one that fails opens it anew.
 */
export const selfHealingBreaker: MakeBreaker = (clock, policy) => {
  let failures = 0;
  /** Null while closed. */
  let openedAtNs: number | null = null;
  let probes = 0;
  const state = (): BreakerState => {
    if (openedAtNs === null) return "closed";
    return clock.monotonicNs() - openedAtNs < policy.openMs * 1e6 ? "open" : "half-open";
  };
  return {
    get state() {
      return state();
    },
    admit() {
      const now = state();
      if (now === "open" || (now === "half-open" && probes >= policy.probesMax)) return false;
      if (now === "half-open") probes++;
      return true;
    },
    succeeded() {
      failures = 0;
      probes = 0;
      openedAtNs = null;
    },
    failed() {
      failures++;
      // Also a call that was sent before it opened: it says that the trouble goes on.
      if (openedAtNs === null && failures < policy.failuresToOpen) return;
      openedAtNs = clock.monotonicNs();
      probes = 0;
    },
  };
};
