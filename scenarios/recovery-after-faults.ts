import { type AvailabilityOptions, availability } from "../checkers/availability/availability.checker.ts";
import { faultWindows } from "../checkers/availability/fault-windows.ts";
import type { Checker } from "../checkers/checker.ts";

/**
 * Availability that asks for recovery only in runs that have something to recover from: a drawn plan may
 * hold no fault at all, and a run of it would otherwise be unknown.
 */
export function recoveryAfterFaults(options: AvailabilityOptions): Checker {
  const asked = availability(options);
  const { recoverWithinMs: _, ...others } = options;
  const measured = availability(others);
  return {
    ...asked,
    check: (history) => (faultWindows(history).length > 0 ? asked : measured).check(history),
  };
}
