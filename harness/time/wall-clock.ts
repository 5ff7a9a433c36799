// Captured at load: while a simulated run is under way, the global clocks show virtual time.
const now = performance.now.bind(performance);
const epochNow = Date.now.bind(Date);

/** Real milliseconds since some fixed moment; never falls. For progress and durations, never for verdicts. */
export function wallClockMs(): number {
  return now();
}

/** Real milliseconds since 1970, for names of run folders. */
export function wallClockEpochMs(): number {
  return epochNow();
}
