import { describe, expect, test } from "vitest";
import {
  type CircuitBreaker,
  selfHealingBreaker,
} from "../../../../reference-impl/patterns/circuit-breaker.ts";

/** A breaker that opens after two failures, for 100 ms, and its clock. */
function withBreaker(): { breaker: CircuitBreaker; pass: (ms: number) => void } {
  let nowMs = 0;
  const clock = {
    // The time of day goes back an hour at each look: it must not matter.
    nowMs: () => -nowMs * 3_600_000,
    monotonicNs: () => nowMs * 1e6,
    sleep: () => Promise.resolve(),
  };
  const breaker = selfHealingBreaker(clock, { failuresToOpen: 2, openMs: 100, probesMax: 1 });
  const pass = (ms: number) => {
    nowMs += ms;
  };
  return { breaker, pass };
}

/** Sends as many calls as it may, of which none is answered. */
function failTwice(breaker: CircuitBreaker): void {
  for (let call = 0; call < 2; call++) {
    expect(breaker.admit()).toBe(true);
    breaker.failed();
  }
}

describe("a circuit breaker", () => {
  test("opens after so many failures in a row, and only in a row", () => {
    const { breaker } = withBreaker();
    breaker.failed();
    breaker.succeeded();
    breaker.failed();
    expect(breaker.state).toBe("closed");
    breaker.failed();
    expect(breaker.state).toBe("open");
    expect(breaker.admit()).toBe(false);
  });

  test("lets one call through when its time is over, and no second one beside it", () => {
    const { breaker, pass } = withBreaker();
    failTwice(breaker);
    pass(99);
    expect(breaker.admit()).toBe(false);
    pass(1);
    expect(breaker.state).toBe("half-open");
    expect([breaker.admit(), breaker.admit()]).toEqual([true, false]);
  });

  test("closes when the probe succeeds, and opens anew when it fails", () => {
    const { breaker, pass } = withBreaker();
    failTwice(breaker);
    pass(100);
    breaker.admit();
    breaker.failed();
    expect(breaker.admit()).toBe(false);
    pass(100);
    expect(breaker.admit()).toBe(true);
    breaker.succeeded();
    expect(breaker.state).toBe("closed");
    expect([breaker.admit(), breaker.admit()]).toEqual([true, true]);
  });
});
