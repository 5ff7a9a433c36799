import { AnomalyList, type FoundAnomaly } from "../anomaly-list.ts";

/**
 * Collects the kinds of anomalies that were seen, and of those that must not be there the anomalies
 * themselves: what is not asked for still tells which levels do not hold.
 */
export class IsolationEvidence {
  /** Kinds of everything that was seen. */
  readonly types: Set<string> = new Set();
  readonly list: AnomalyList;
  readonly #forbidden: ReadonlySet<string>;

  /** @throws RangeError unless `maxAnomalies` is a whole number of at least 1, where it is given. */
  constructor(forbidden: ReadonlySet<string>, maxAnomalies: number | undefined) {
    this.#forbidden = forbidden;
    this.list = new AnomalyList(maxAnomalies);
  }

  add(found: FoundAnomaly): void {
    this.types.add(found.type);
    if (this.#forbidden.has(found.type)) this.list.add(found);
  }

  /** The kinds of what was seen and must not be there, in alphabetical order. */
  get forbiddenTypes(): string[] {
    return [...this.types].filter((type) => this.#forbidden.has(type)).sort();
  }
}
