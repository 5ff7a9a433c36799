/** Time as a service or a client sees it: virtual in the sim lane, the system's in the real lane. */
export interface Clock {
  /** Milliseconds since 1970; may jump. */
  nowMs(): number;
  /** Nanoseconds since the start of the run; never falls. */
  monotonicNs(): number;
  /** Settles after `ms`; never, if the process crashes before. */
  sleep(ms: number): Promise<void>;
  /** A signal that aborts after `ms`, for `fetch`. */
  timeoutSignal(ms: number): AbortSignal;
}
