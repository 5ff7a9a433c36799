import { operationName, valueText } from "../history/describe-operation.ts";
import { FAIL, type History, OK } from "../history/history.ts";
import { identityOf, isPair } from "../history/json-value.ts";
import type { Json } from "../history/operation.ts";
import { CAS, READ, WRITE } from "./key-kind.ts";

/**
 * The values of one register, numbered, with who wrote each. A value that is read and that no operation
 * can have written was there at the start. `undefined` and null are one value: nothing is there.
 */
export class RegisterValues {
  readonly #history: History;
  readonly #numbers = new Map<string | number | boolean | null, number>();
  readonly #values: Json[] = [];
  /** By value: invocation of the first write that may have happened; −1. */
  readonly #writer: number[] = [];
  /** By value: was it only asked for by writes that certainly did not happen? */
  readonly #refused: boolean[] = [];
  /** By value: completion of the first read; −1. */
  readonly #reader: number[] = [];
  /** The first pair of operations that may have written one value. */
  #repeated: readonly [number, number] | null = null;
  /** A row that cannot be understood; −1. */
  #malformed = -1;

  /** By position in `rows`: number of the value that the call asks to store, or saw; −1. */
  readonly stored: Int32Array;
  readonly seen: Int32Array;

  /** Numbers the values of a key. `rows` are its invocations. Linear. */
  constructor(history: History, rows: Int32Array, roles: Int8Array) {
    this.#history = history;
    this.stored = new Int32Array(rows.length).fill(-1);
    this.seen = new Int32Array(rows.length).fill(-1);
    for (let at = 0; at < rows.length; at++) this.#add(at, rows[at]!, roles[history.f[rows[at]!]!]!);
  }

  /** How many values there are. */
  get count(): number {
    return this.#values.length;
  }

  /** The value with a number. */
  valueOf(number: number): Json | undefined {
    return this.#values[number];
  }

  /** Was this value there at the start, because no operation asked to write it? */
  isInitial(number: number): boolean {
    return this.#writer[number]! < 0 && !this.#refused[number];
  }

  /** Invocation of the first operation that may have written the value; −1. */
  writerOf(number: number): number {
    return this.#writer[number] ?? -1;
  }

  /** Why it is not certain which operation wrote which value; null where it is. */
  ambiguity(): string | null {
    const history = this.#history;
    if (this.#malformed >= 0)
      return `${operationName(history, this.#malformed)} is no pair of old and new value`;
    if (this.#repeated !== null) {
      const [first, second] = this.#repeated;
      return (
        `${operationName(history, first)} and ${operationName(history, second)} write the same value, so ` +
        "it is not certain which of them a read saw"
      );
    }
    const unwritten = this.#values.flatMap((_, number) => {
      const reader = this.#reader[number]!;
      return this.isInitial(number) && reader >= 0 ? [reader] : [];
    });
    if (unwritten.length > 1) {
      const [one, two] = unwritten as [number, number];
      return `${operationName(history, one)} and ${operationName(history, two)} read two values that nobody wrote`;
    }
    const nothing = this.#numbers.get(null) ?? -1;
    if (nothing >= 0 && this.#writer[nothing]! >= 0 && this.#reader[nothing]! >= 0) {
      return `${operationName(history, this.#writer[nothing]!)} writes ${valueText(null)}, which also means that nothing is there`;
    }
    return null;
  }

  #add(at: number, row: number, role: number): void {
    const { value, mate, type } = this.#history;
    const asked = value[row];
    const completion = mate[row]!;
    const isOk = completion >= 0 && type[completion] === OK;
    if (role === WRITE) this.stored[at] = this.#addWrite(row, asked);
    else if (role === READ) {
      if (isOk) this.seen[at] = this.#addRead(completion, value[completion]);
    } else if (role !== CAS) return;
    else if (!isPair(asked)) this.#malformed = row;
    else {
      this.stored[at] = this.#addWrite(row, asked[1]);
      if (isOk) this.seen[at] = this.#addRead(completion, asked[0]);
    }
  }

  #addWrite(row: number, value: Json | undefined): number {
    const number = this.#intern(value ?? null);
    const mate = this.#history.mate[row]!;
    if (mate >= 0 && this.#history.type[mate] === FAIL) this.#refused[number] = true;
    else if (this.#writer[number]! < 0) this.#writer[number] = row;
    else this.#repeated ??= [this.#writer[number]!, row];
    return number;
  }

  #addRead(completion: number, value: Json | undefined): number {
    const number = this.#intern(value ?? null);
    if (this.#reader[number]! < 0) this.#reader[number] = completion;
    return number;
  }

  #intern(value: Json): number {
    const identity = identityOf(value);
    const known = this.#numbers.get(identity);
    if (known !== undefined) return known;
    const number = this.#values.length;
    this.#numbers.set(identity, number);
    this.#values.push(value);
    this.#writer.push(-1);
    this.#refused.push(false);
    this.#reader.push(-1);
    return number;
  }
}
