import type { AnomalyList } from "../anomaly-list.ts";
import { keyName, operationName } from "../history/describe-operation.ts";
import { clippedText } from "../history/excerpt.ts";
import type { History } from "../history/history.ts";
import type { Acquisitions } from "./collect-acquisitions.ts";

/** A write that a store accepted, as far as it can be told which acquisition it was made under. */
export interface AcceptedWrite {
  /** The record of it, or its acknowledgement. */
  readonly row: number;
  readonly lock: string;
  /** Fencing token; NaN where it has none. */
  readonly token: number;
  /** Number of the acquisition; NaN where it has none. */
  readonly acquisition: number;
}

/** By name of the lock: its acquisitions. */
export type LocksByName = ReadonlyMap<string, Acquisitions>;

interface Newest {
  /** The write with the highest token so far. */
  token: AcceptedWrite | null;
  /** The write whose acquisition was asked for last so far, and its position among the acquisitions. */
  asked: AcceptedWrite | null;
  askedAt: number;
}

/**
 * Goes through the accepted writes of one resource and finds those of holders that were no longer the newest: a
 * lower token than a write before it; without tokens, an acquisition that had been granted before the one
 * of a write before it was even asked for. Constant time a write.
 */
export class WriteOrder {
  readonly #history: History;
  readonly #resource: number;
  readonly #locks: LocksByName;
  readonly #numbers: Map<Acquisitions, Map<number, number>>;
  readonly #anomalies: AnomalyList;
  readonly #newest = new Map<string, Newest>();

  constructor(
    history: History,
    resource: number,
    locks: LocksByName,
    numbers: Map<Acquisitions, Map<number, number>>,
    anomalies: AnomalyList,
  ) {
    this.#history = history;
    this.#resource = resource;
    this.#locks = locks;
    this.#numbers = numbers;
    this.#anomalies = anomalies;
  }

  /** Holds a write against the writes that certainly came before it. */
  check(write: AcceptedWrite): void {
    const newest = this.#newest.get(write.lock);
    if (newest === undefined) return;
    if (!Number.isNaN(write.token)) {
      const newer = newest.token;
      if (newer !== null && newer.token > write.token) this.#addStaleToken(newer, write);
      return;
    }
    const locks = this.#locks.get(write.lock);
    const at = this.#acquisitionOf(write);
    const newer = newest.asked;
    if (locks === undefined || at < 0 || newer === null) return;
    if (locks.told[at]! < locks.asked[newest.askedAt]!) {
      this.#addStaleHolder(locks, newer, newest.askedAt, write, at);
    }
  }

  /** Takes in a write that was accepted. */
  add(write: AcceptedWrite): void {
    let newest = this.#newest.get(write.lock);
    if (newest === undefined) {
      newest = { token: null, asked: null, askedAt: -1 };
      this.#newest.set(write.lock, newest);
    }
    if (!Number.isNaN(write.token)) {
      if (newest.token === null || write.token > newest.token.token) newest.token = write;
      return;
    }
    const locks = this.#locks.get(write.lock);
    const at = this.#acquisitionOf(write);
    if (locks === undefined || at < 0) return;
    if (newest.asked === null || locks.asked[at]! > locks.asked[newest.askedAt]!) {
      newest.asked = write;
      newest.askedAt = at;
    }
  }

  /** Position of the acquisition that a write names; −1 where there is none. */
  #acquisitionOf(write: AcceptedWrite): number {
    const locks = this.#locks.get(write.lock);
    if (locks === undefined || Number.isNaN(write.acquisition)) return -1;
    let numbers = this.#numbers.get(locks);
    if (numbers === undefined) {
      numbers = new Map();
      for (let at = 0; at < locks.count; at++) numbers.set(locks.number[at]!, at);
      this.#numbers.set(locks, numbers);
    }
    return numbers.get(write.acquisition) ?? -1;
  }

  #addStaleToken(newer: AcceptedWrite, write: AcceptedWrite): void {
    const history = this.#history;
    const proof = () =>
      `${keyName(history, this.#resource)} accepted a write with token ${newer.token} of ${clippedText(write.lock)} ` +
      `(${operationName(history, newer.row)}) and afterwards one with the older token ${write.token} ` +
      `(${operationName(history, write.row)})`;
    this.#add([newer.row, write.row], proof);
  }

  #addStaleHolder(
    locks: Acquisitions,
    newer: AcceptedWrite,
    newerAt: number,
    write: AcceptedWrite,
    at: number,
  ): void {
    const history = this.#history;
    const name = (row: number): string => operationName(history, row);
    const proof = () =>
      `acquisition ${write.acquisition} of ${clippedText(write.lock)} was granted (${name(locks.told[at]!)}) before acquisition ` +
      `${newer.acquisition} was asked for (${name(locks.asked[newerAt]!)}); ${keyName(history, this.#resource)} accepted a ` +
      `write of acquisition ${newer.acquisition} (${name(newer.row)}) and afterwards one of acquisition ` +
      `${write.acquisition} (${name(write.row)})`;
    this.#add([locks.told[at]!, locks.asked[newerAt]!, newer.row, write.row], proof);
  }

  #add(rows: readonly [number, ...number[]], proof: () => string): void {
    this.#anomalies.add({ type: "stale-holder-accepted", key: this.#resource, rows, proof });
  }
}
