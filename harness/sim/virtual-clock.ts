import type { Clock } from "../time/clock.ts";
import type { Scheduler } from "./scheduler.ts";

/** What the clocks of a simulated world show at its start: 1 January 2026, 00:00 UTC, in ms since 1970. */
export const SIM_EPOCH_MS = 1_767_225_600_000;

/**
 * A clock that shows the virtual time of a scheduler. `offsetMs` says how far the time of day is off,
 * each time that it is read; sleeps and time limits are right all the same.
 */
export function virtualClock(scheduler: Scheduler, offsetMs: () => number = () => 0): Clock {
  return {
    nowMs: () => SIM_EPOCH_MS + Math.floor(scheduler.now / 1e6) + offsetMs(),
    monotonicNs: () => scheduler.now,
    sleep: (ms) => scheduler.sleep(ms * 1e6),
    timeoutSignal: (ms) => {
      const controller = new AbortController();
      scheduler.schedule(ms * 1e6, "timeout", () => {
        controller.abort(timeoutError());
      });
      return controller.signal;
    },
  };
}

/**
 * What a signal of Node's own is aborted with when its time is over. Without a stack, which would name the
 * scheduler only and costs more than all the rest: most signals go off long after the call has ended.
 */
function timeoutError(): DOMException {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return new DOMException("The operation was aborted due to timeout", "TimeoutError");
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
