/** What a read may show, and the additions that the bounds come from; rows, −1 where there is none. */
export interface ReadBounds {
  readonly lower: number;
  readonly upper: number;
  /** The last addition that was acknowledged before the read was sent. */
  readonly lastAcknowledged: number;
  /** The last addition that was sent before the read was answered. */
  readonly lastSent: number;
}

/** Sums over the additions of one key so far; positive and negative amounts move different bounds. */
interface Sums {
  sentUp: number;
  sentDown: number;
  doneUp: number;
  doneDown: number;
  lastSent: number;
  lastDone: number;
}

/** What was certain when a read was sent. */
interface SentRead {
  readonly doneUp: number;
  readonly doneDown: number;
  readonly lastDone: number;
}

/**
 * Walks with the history and knows, for each key, how far additions have come. Additions that failed are
 * not to be told. Constant time a call.
 */
export class CounterBounds {
  readonly #initial: number;
  readonly #sums = new Map<number, Sums>();
  readonly #reads = new Map<number, SentRead>();

  constructor(initial: number) {
    this.#initial = initial;
  }

  /** An addition was sent; it may take effect from now on. */
  sent(key: number, amount: number, row: number): void {
    const sums = this.#of(key);
    if (amount > 0) sums.sentUp += amount;
    else sums.sentDown += amount;
    sums.lastSent = row;
  }

  /** An addition was acknowledged; it has taken effect. */
  acknowledged(key: number, amount: number, row: number): void {
    const sums = this.#of(key);
    if (amount > 0) sums.doneUp += amount;
    else sums.doneDown += amount;
    sums.lastDone = row;
  }

  /** A read was sent. */
  readSent(key: number, row: number): void {
    const { doneUp, doneDown, lastDone } = this.#of(key);
    this.#reads.set(row, { doneUp, doneDown, lastDone });
  }

  /** The bounds of a read that is answered now and was sent at `row`. */
  ofRead(key: number, row: number): ReadBounds {
    const sums = this.#of(key);
    const read = this.#reads.get(row) ?? { doneUp: 0, doneDown: 0, lastDone: -1 };
    this.#reads.delete(row);
    return {
      lower: this.#initial + read.doneUp + sums.sentDown,
      upper: this.#initial + sums.sentUp + read.doneDown,
      lastAcknowledged: read.lastDone,
      lastSent: sums.lastSent,
    };
  }

  #of(key: number): Sums {
    const known = this.#sums.get(key);
    if (known !== undefined) return known;
    const sums = { sentUp: 0, sentDown: 0, doneUp: 0, doneDown: 0, lastSent: -1, lastDone: -1 };
    this.#sums.set(key, sums);
    return sums;
  }
}
