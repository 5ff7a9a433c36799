import type { CheckResult } from "../../checkers/checker.ts";
import type { HistoryEvent } from "../../checkers/history/operation.ts";
import { textOfEvents } from "./build-history.ts";

/** Holds what a checker found against what an oracle found, and counts the verdicts and the types of anomalies. */
export class FindingTally {
  readonly #counts = new Map<string, number>();

  /** Both as names without repetition, the type first. Throws an Error with the history where they differ, or where the verdict does. */
  compare(
    events: readonly HistoryEvent[],
    result: CheckResult,
    found: readonly string[],
    expected: readonly string[],
  ): void {
    const names = [...new Set(found)].sort();
    const wanted = [...new Set(expected)].sort();
    const isBlamed = result.verdict === "invalid";
    if (names.join() !== wanted.join() || isBlamed !== wanted.length > 0) {
      throw new Error(`expected ${wanted}, found ${result.verdict} ${names}\n${textOfEvents(events)}`);
    }
    this.count(result);
  }

  /** Counts the verdict, and each type of anomaly once. */
  count({ verdict, anomalies }: CheckResult): void {
    for (const name of [verdict, ...new Set(anomalies.map(({ type }) => type))]) {
      this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
    }
  }

  /** Those of the names that were not met so often, with how often they were. */
  rarerThan(least: number, names: readonly string[]): string[] {
    return names
      .filter((name) => (this.#counts.get(name) ?? 0) < least)
      .map((name) => `${name}: ${this.#counts.get(name) ?? 0}`);
  }
}
