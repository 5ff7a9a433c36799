import type { History } from "../history/history.ts";
import { InternTable } from "../history/intern-table.ts";
import { JsonTable } from "../history/json-table.ts";
import { fieldOf } from "../history/json-value.ts";
import { NumberTable } from "../history/number-table.ts";
import { numberOf } from "./collect-acquisitions.ts";
import type { LockFields } from "./lock-options.ts";
import type { AcceptedWrite } from "./write-order.ts";

/** More than there can be of anything in one history: pairs of numbers below it are numbers that can be told apart. */
const idsMax = 2 ** 26;

/** The history, and how writes under a lock are written in it. */
interface WriteReading {
  readonly history: History;
  readonly fields: Required<LockFields>;
}

/**
 * The writes of one resource, numbered so that those of one lock, token, acquisition and value, which cannot be told
 * apart, have one number. By number rows, −1 where there is none. Expected constant time a write.
 */
export class SameWrites {
  readonly #reading: WriteReading;
  readonly #values = new JsonTable();
  readonly #locks = new InternTable<string>();
  /** Tokens and numbers of acquisitions; `Map` takes NaN for one number. */
  readonly #numbers = new Map<number, number>();
  readonly #pairs = new NumberTable();
  readonly #holdings = new NumberTable();
  readonly acknowledged: Int32Array;
  readonly refused: Int32Array;
  readonly unknown: Int32Array;
  readonly record: Int32Array;

  /** With room for `most` writes. */
  constructor(reading: WriteReading, most: number) {
    const rows = (): Int32Array => new Int32Array(most).fill(-1);
    this.#reading = reading;
    this.acknowledged = rows();
    this.refused = rows();
    this.unknown = rows();
    this.record = rows();
  }

  /** How many different writes there are. */
  get count(): number {
    return this.#values.values.length;
  }

  /** The number of the write that a row asks for or shows. */
  of(row: number): number {
    const { history, fields } = this.#reading;
    const value = history.value[row];
    const token = this.#numberOf(numberOf(value, fields.token));
    const acquisition = this.#numberOf(numberOf(value, fields.acquisition));
    const lock = this.#locks.intern(lockOf(fieldOf(value, fields.lock)));
    const pair = this.#pairs.intern(lock * idsMax + token);
    const holding = this.#holdings.intern(pair * idsMax + acquisition);
    return this.#values.intern(holding, fieldOf(value, fields.value) ?? null);
  }

  #numberOf(number: number): number {
    const known = this.#numbers.get(number);
    if (known !== undefined) return known;
    const id = this.#numbers.size;
    this.#numbers.set(number, id);
    return id;
  }
}

/** The write that a row asks for or shows; `seen` is the row that shows that it was accepted. */
export function writeOf({ history, fields }: WriteReading, row: number, seen: number = row): AcceptedWrite {
  const value = history.value[row];
  return {
    row: seen,
    lock: lockOf(fieldOf(value, fields.lock)),
    token: numberOf(value, fields.token),
    acquisition: numberOf(value, fields.acquisition),
  };
}

function lockOf(lock: unknown): string {
  // Keys are kept as text: the lock 7 is called "7".
  return typeof lock === "string" ? lock : typeof lock === "number" ? String(lock) : "";
}
