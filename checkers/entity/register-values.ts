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
  readonly #roles: Int8Array;
  readonly #numbers = new Map<string | number | boolean | null, number>();
  readonly #values: Json[] = [];
  /** By value: invocation of the first write that may have happened; −1. */
  readonly #writer: number[] = [];
  /** By value: was it only asked for by writes that certainly did not happen? */
  readonly #refused: boolean[] = [];
  /** By value: completion of the first read; −1. */
  readonly #reader: number[] = [];
  /** Values that more than one operation may have written, by a second writer. */
  readonly #repeated: number[] = [];
  /** A row that cannot be understood; −1. */
  #malformed = -1;

  /** Numbers the values of a key. `rows` are its invocations. Linear. */
  constructor(history: History, rows: Int32Array, roles: Int8Array) {
    this.#history = history;
    this.#roles = roles;
    for (const row of rows) {
      const role = roles[history.f[row]!]!;
      if (role === WRITE) this.#addWrite(row, history.value[row]);
      else if (role === CAS && isPair(history.value[row])) {
        this.#addWrite(row, history.value[row][1]);
        if (this.#isOk(row)) this.#addRead(history.mate[row]!, history.value[row][0]);
      } else if (role === CAS) this.#malformed = row;
      else if (role === READ && this.#isOk(row)) {
        this.#addRead(history.mate[row]!, history.value[history.mate[row]!]);
      }
    }
  }

  /** How many values there are. */
  get count(): number {
    return this.#values.length;
  }

  /** The number of a value that occurs in the key's operations; −1 for any other. */
  numberOf(value: Json | undefined): number {
    return this.#numbers.get(identityOf(value ?? null)) ?? -1;
  }

  /** The value with a number. */
  valueOf(number: number): Json | undefined {
    return this.#values[number];
  }

  /** The number of the value that a `write` or `cas` asks to store. */
  written(invocation: number): number {
    const value = this.#history.value[invocation];
    const isCas = this.#roles[this.#history.f[invocation]!] === CAS;
    return this.numberOf(isCas && isPair(value) ? value[1] : value);
  }

  /** The value that a `cas` expects. */
  casOld(invocation: number): Json | undefined {
    const value = this.#history.value[invocation];
    return isPair(value) ? value[0] : undefined;
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
    const [repeated] = this.#repeated;
    if (repeated !== undefined) {
      const first = this.#writer[this.written(repeated)]!;
      return (
        `${operationName(history, first)} and ${operationName(history, repeated)} write the same value, so ` +
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

  #isOk(row: number): boolean {
    const mate = this.#history.mate[row]!;
    return mate >= 0 && this.#history.type[mate] === OK;
  }

  #addWrite(row: number, value: Json | undefined): void {
    const number = this.#intern(value ?? null);
    const mate = this.#history.mate[row]!;
    if (mate >= 0 && this.#history.type[mate] === FAIL) this.#refused[number] = true;
    else if (this.#writer[number]! < 0) this.#writer[number] = row;
    else this.#repeated.push(row);
  }

  #addRead(completion: number, value: Json | undefined): void {
    const number = this.#intern(value ?? null);
    if (this.#reader[number]! < 0) this.#reader[number] = completion;
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
