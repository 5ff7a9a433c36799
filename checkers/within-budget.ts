import type { AnomalyList } from "./anomaly-list.ts";
import type { CheckBudget } from "./check-budget.ts";
import type { CheckResult } from "./checker.ts";
import type { History } from "./history/history.ts";
import { resultOf } from "./result.ts";

/** Rows that are looked at between two questions: some milliseconds of work. */
const rowsBetween = 1 << 16;
/** What a checker of this kind keeps for each row that it has looked at, roughly. */
const bytesPerRow = 32;

/** Ends a check whose budget is used up; nothing else is thrown by a watch. */
class BudgetUsedUp extends Error {}

/** Asks the budget now and then while a checker goes through its rows, and ends the check where that is used up. */
export class BudgetWatch {
  readonly #budget: CheckBudget | undefined;
  #anomalies: AnomalyList | null = null;
  #from = 0;
  #to = 1;
  #length = 1;
  #next = Number.POSITIVE_INFINITY;
  #position = 0;

  constructor(budget: CheckBudget | undefined) {
    this.#budget = budget;
  }

  /** How far the present part of the work is, in words. */
  get progress(): string {
    return `${this.#position} of ${this.#length} rows of ${this.#from === 0 ? "the first" : "a later"} pass were looked at`;
  }

  /** Anomalies that stand whatever else is found: they are reported where the check ends early. */
  keep(anomalies: AnomalyList): void {
    this.#anomalies = anomalies;
  }

  /**
   * A part of the work begins, from that share of the whole to that one, over so many rows. Asks at once.
   * @throws an error that {@link withinBudget} turns into an answer
   */
  begin(from: number, to: number, length: number): void {
    this.#from = from;
    this.#to = to;
    this.#length = length;
    this.#next = this.#budget === undefined ? Number.POSITIVE_INFINITY : 0;
    this.at(0);
  }

  /** The part has come to that row. Costs a comparison, but for one row in 65,536. Throws as `begin` does. */
  at(position: number): void {
    if (position >= this.#next) this.#ask(position);
  }

  /** What is known where the check ends early. */
  partial(history: History, why: string): CheckResult {
    const found = this.#anomalies?.report(history) ?? { anomalies: [] };
    return resultOf({ operations: this.#position, reasons: [why], ...found });
  }

  #ask(position: number): void {
    this.#next = position + rowsBetween;
    this.#position = position;
    const done = this.#from + (this.#to - this.#from) * Math.min(1, position / Math.max(1, this.#length));
    const why = this.#budget?.exceeded(position * bytesPerRow, done) ?? null;
    if (why !== null) throw new BudgetUsedUp(`stopped: ${why}; ${this.progress}`);
  }
}

/**
 * Runs a check that goes through rows and tells a watch where it is. Where the budget is used up the answer is unknown, with how far it got;
 * invalid where that was enough to find something. The watch costs a comparison a row.
 */
export function withinBudget(
  history: History,
  budget: CheckBudget | undefined,
  check: (watch: BudgetWatch) => CheckResult,
): CheckResult {
  const watch = new BudgetWatch(budget);
  try {
    return check(watch);
  } catch (cause) {
    if (cause instanceof BudgetUsedUp) return watch.partial(history, cause.message);
    throw cause;
  }
}
