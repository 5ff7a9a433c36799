/** How far a sweep has come; reported after every batch of finished runs. */
export interface SweepProgress {
  /** Runs that finished, of `total`. */
  readonly finished: number;
  readonly total: number;
  /** Runs with an anomaly, in any form. */
  readonly anomalies: number;
  /** Runs of hardened forms with an anomaly: news that nobody wants. */
  readonly unexpected: number;
  /** Since the start, in real milliseconds. */
  readonly elapsedMs: number;
  /** What is being done now, for people: `stock-is-conserved hardened`, `shrinking …`. */
  readonly activity: string;
}
