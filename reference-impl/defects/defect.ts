/** An anomaly that a defect must show: any of these types, reported by this checker. */
export interface ShownAnomaly {
  readonly checker: string;
  readonly types: readonly [string, ...string[]];
}

/**
 * The hardened form with exactly one safety mechanism taken out. Services are not copied: the same code
 * runs with another small function in the place of the one that is named here.
 */
export interface Defect<Mechanisms> {
  /** Kebab-case. */
  readonly name: string;
  /** What is missing, in a sentence. */
  readonly missing: string;
  /** The fault or the interleaving that shows it, in a sentence. */
  readonly needs: string;
  /** What it must show in the scenarios that it belongs to; one of them is enough. */
  readonly shows: readonly [ShownAnomaly, ...ShownAnomaly[]];
  /** What replaces the hardened mechanism. Called at every start of the service. */
  replacement(): Partial<Mechanisms>;
}
