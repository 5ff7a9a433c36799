import { type AvailabilityOptions, availability } from "../checkers/availability/availability.checker.ts";
import { faultWindows } from "../checkers/availability/fault-windows.ts";
import type { Checker } from "../checkers/checker.ts";
import type { History } from "../checkers/history/history.ts";

/**
 * Availability that asks for what a run has: for recovery only where there was a fault to recover from, for a part of the
 * calls outside of faults only where somebody called there. A drawn plan may have neither, and a run of it would
 * otherwise be unknown.
 */
export function recoveryAfterFaults(options: AvailabilityOptions): Checker {
  const asked = availability(options);
  const { recoverWithinMs: _, ...withoutRecovery } = options;
  return {
    ...asked,
    check: (history) => {
      const possible = faultWindows(history).length > 0 ? options : withoutRecovery;
      const { minOkOutside: _, ...withoutPart } = possible;
      return availability(hasQuietCalls(history, options) ? possible : withoutPart).check(history);
    },
  };
}

/** What availability measures only where there is such a call. */
const partOutside = "part served outside of faults";

function hasQuietCalls(history: History, options: AvailabilityOptions): boolean {
  const { minOkOutside: _, ...measured } = options;
  const { measures = [] } = availability(measured).check(history).stats;
  return measures.some(({ name }) => name === partOutside);
}
