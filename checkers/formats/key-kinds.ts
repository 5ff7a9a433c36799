import type { LineProblem } from "../history/read-error.ts";
import { lineProblem } from "./problem-list.ts";

/**
 * Keys are kept as text; a file in which 7 and "7" are two things cannot be read without mixing them.
 * Remembers how each key was written first. Constant time a call.
 */
export class KeyKinds {
  readonly #isNumber = new Map<string, boolean>();

  /** What is wrong with a key that is written like this here; null where it is written as before. */
  problemWith(key: string, isNumber: boolean): LineProblem | null {
    const before = this.#isNumber.get(key);
    if (before === undefined) this.#isNumber.set(key, isNumber);
    if (before === undefined || before === isNumber) return null;
    const [expected, found] = isNumber ? [`"${key}"`, key] : [key, `"${key}"`];
    const hint = "write a key as a number everywhere or as a string everywhere";
    return lineProblem("ambiguous-key", `${expected}, as before`, found, hint, "key");
  }
}
