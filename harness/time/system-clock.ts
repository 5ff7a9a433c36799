import type { Clock } from "./clock.ts";

// Captured at load: while a simulated run is under way, the global clocks and timers show virtual time.
const monotonicNs = process.hrtime.bigint.bind(process.hrtime);
const epochMs = Date.now.bind(Date);
const startTimer = setTimeout;
const timeoutSignal = AbortSignal.timeout.bind(AbortSignal);

/**
 * The system's clock. Its monotonic time counts from `startNs`, a reading of {@link monotonicNowNs}: this
 * call, unless given, so that all processes of a machine can share one scale. Its timers keep the process
 * alive.
 */
export function systemClock(startNs: bigint = monotonicNs()): Clock {
  return {
    nowMs: () => epochMs(),
    monotonicNs: () => Number(monotonicNs() - startNs),
    sleep: (ms) => new Promise((resolve) => startTimer(resolve, ms)),
    timeoutSignal: (ms) => timeoutSignal(Math.max(0, Math.round(ms))),
  };
}

/** The machine's monotonic clock, in nanoseconds since some fixed moment: the same for all of its processes. */
export function monotonicNowNs(): bigint {
  return monotonicNs();
}
