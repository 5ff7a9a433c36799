/** How many values PostgreSQL takes from a sequence ahead of time, per entry in its log. */
const valuesPerLogEntry = 32;

/**
 * The counter behind a serial or identity column. Never rolled back; a crash skips the values that were
 * taken ahead, as PostgreSQL does (https://www.postgresql.org/docs/18/sql-createsequence.html#id-1.9.3.81.7).
 */
export class Sequence {
  readonly name: string;
  #last = 0;
  #logged = 0;

  constructor(name: string) {
    this.name = name;
  }

  /** The next value, from 1. */
  next(): number {
    this.#last++;
    if (this.#last > this.#logged) this.#logged = this.#last + valuesPerLogEntry;
    return this.#last;
  }

  /** The server died: goes on after what was logged. */
  crash(): void {
    this.#last = this.#logged;
  }
}
