import type { Anomaly, Witness } from "./checker.ts";
import type { History } from "./history/history.ts";

/** A proof in words, and the rows that it names besides those by which the anomaly was found. */
export interface ToldProof {
  readonly text: string;
  readonly rows: readonly number[];
}

/** An anomaly before it is worded. Rows are rows of the history, in the order in which the proof names them. */
export interface FoundAnomaly {
  readonly type: string;
  /** Position in `history.keys`, −1 where there is none. */
  readonly key: number;
  readonly rows: readonly [number, ...number[]];
  /** Words the proof. Called only for the anomalies that are reported. */
  readonly proof: () => string | ToldProof;
}

/**
 * Collects anomalies in any order and reports the first ones of each type in history order, that is, by
 * the row at which each became evident. Memory stays bounded by the limit, not by the number found.
 */
export class AnomalyList {
  readonly #maxPerType: number;
  #count = 0;
  readonly #byType = new Map<string, { found: FoundAnomaly[]; omitted: number }>();

  /** @throws RangeError unless `maxPerType` is a whole number of at least 1. */
  constructor(maxPerType: number = 10) {
    if (!Number.isSafeInteger(maxPerType) || maxPerType < 1) {
      throw new RangeError(`maxAnomalies: expected a whole number of at least 1, found ${maxPerType}`);
    }
    this.#maxPerType = maxPerType;
  }

  /** How many were added so far. */
  get count(): number {
    return this.#count;
  }

  add(anomaly: FoundAnomaly): void {
    this.#count++;
    let kept = this.#byType.get(anomaly.type);
    if (kept === undefined) {
      kept = { found: [], omitted: 0 };
      this.#byType.set(anomaly.type, kept);
    }
    kept.found.push(anomaly);
    if (kept.found.length > 4 * this.#maxPerType + 64) this.#cut(kept);
  }

  /** The anomalies to report, worded, with the number of those left out. */
  report(history: History): { readonly anomalies: Anomaly[]; readonly anomaliesOmitted: number } {
    const reported: FoundAnomaly[] = [];
    let anomaliesOmitted = 0;
    for (const kept of this.#byType.values()) {
      this.#cut(kept);
      reported.push(...kept.found);
      anomaliesOmitted += kept.omitted;
    }
    reported.sort(inHistoryOrder);
    return { anomalies: reported.map((found) => worded(history, found)), anomaliesOmitted };
  }

  #cut(kept: { found: FoundAnomaly[]; omitted: number }): void {
    kept.found.sort(inHistoryOrder);
    kept.omitted += Math.max(0, kept.found.length - this.#maxPerType);
    kept.found.length = Math.min(kept.found.length, this.#maxPerType);
  }
}

function inHistoryOrder(a: FoundAnomaly, b: FoundAnomaly): number {
  return Math.max(...a.rows) - Math.max(...b.rows) || Math.min(...a.rows) - Math.min(...b.rows);
}

function worded(history: History, { type, key, rows, proof }: FoundAnomaly): Anomaly {
  const told = proof();
  const { text, rows: more } = typeof told === "string" ? { text: told, rows: [] } : told;
  const [first, ...others] = new Set([...rows, ...more]);
  const operations: Witness = [history.index[first!]!, ...others.map((row) => history.index[row]!)];
  return { type, ...(key < 0 ? {} : { key: history.keys[key]! }), operations, proof: text };
}
