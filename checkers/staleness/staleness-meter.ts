import type { AnomalyList, ToldProof } from "../anomaly-list.ts";
import { operationName, sessionName } from "../history/describe-operation.ts";
import { durationText } from "../history/duration-text.ts";
import type { History } from "../history/history.ts";
import type { Measure } from "../measure.ts";
import { ValueDistribution } from "../value-distribution.ts";

const nanosPerMs = 1e6;

/** A read that shows a state for which there was certainly a newer one. */
export interface StaleRead {
  /** Position in `history.keys`, or −1. */
  readonly key: number;
  /** Invocation of the read. */
  readonly sent: number;
  /** The first answer that proves a newer state. It came before the read was sent. */
  readonly newer: number;
  /** How that answer proves it: `client 1 was told that x holds 2 (operation 5)`. */
  readonly proven: () => string;
  /** What the read showed: `version 1`. */
  readonly shown: () => string;
  /** Where that came from, as a clause that begins with a comma (or nothing), with the rows that it names. */
  readonly origin: () => ToldProof;
}

/** Measures how stale reads are, and collects those that are staler than allowed. Memory does not grow with the reads. */
export class StalenessMeter {
  readonly #history: History;
  readonly #boundMs: number | undefined;
  readonly #anomalies: AnomalyList;
  readonly #stalenessMs = new ValueDistribution();

  /** Without a bound it measures only. */
  constructor(history: History, boundMs: number | undefined, anomalies: AnomalyList) {
    this.#history = history;
    this.#boundMs = boundMs;
    this.#anomalies = anomalies;
  }

  /** How many reads were measured. */
  get reads(): number {
    return this.#stalenessMs.count;
  }

  /**
   * Takes the measure of the read that was sent at `sent`: the time since the answer `newer`, the first that proves a newer
   * state; 0 where that came later, or never (−1). True: it is staler than allowed.
   */
  isTooOld(sent: number, newer: number): boolean {
    const staleMs = newer >= 0 && newer < sent ? this.#sinceMs(newer, sent) : 0;
    this.#stalenessMs.add(staleMs);
    return this.#boundMs !== undefined && staleMs > this.#boundMs;
  }

  /** Blames a read that {@link isTooOld}. */
  blame({ key, sent, newer, proven, shown, origin }: StaleRead): void {
    const history = this.#history;
    const read = history.mate[sent]!;
    const proof = (): ToldProof => {
      const from = origin();
      const text =
        `${proven()}; ${durationText(this.#sinceMs(newer, sent))} later ${sessionName(history, read)} asked for it ` +
        `(${operationName(history, sent)}) and was shown ${shown()} (${operationName(history, read)})${from.text}; ` +
        `at most ${this.#boundMs} ms are allowed`;
      return { text, rows: from.rows };
    };
    this.#anomalies.add({ type: "staleness-exceeded", key, rows: [newer, sent, read], proof });
  }

  /** What was measured. */
  measures(): readonly Measure[] {
    const reads: Measure = { name: "reads", unit: "count", value: this.reads, worse: "low" };
    return [...this.#stalenessMs.measures("staleness", "ms"), reads];
  }

  #sinceMs(earlier: number, later: number): number {
    return (this.#history.time[later]! - this.#history.time[earlier]!) / nanosPerMs;
  }
}
