import { operationName } from "./describe-operation.ts";
import { type History, RECORD } from "./history.ts";

/**
 * For each role whether the history has final records of it, or `inspected` says that it would have if
 * there were any. Then those are the truth, and what they do not show is not there. Linear.
 */
export function finalRoles(
  history: History,
  roles: Int8Array,
  names: readonly string[],
  inspected: readonly string[],
): boolean[] {
  const found = names.map((name) => inspected.includes(name));
  for (let row = 0; row < history.length; row++) {
    if (history.type[row] !== RECORD || history.final[row] !== 1) continue;
    const role = roles[history.f[row]!]!;
    if (role >= 0) found[role] = true;
  }
  return found;
}

/** Records that a checker cannot read: why its verdict is unknown. */
export class UnreadableRecords {
  #count = 0;
  #first = -1;
  #expected = "";

  /** A record that is not of the form `expected`. */
  add(row: number, expected: string): void {
    if (this.#count++ > 0) return;
    this.#first = row;
    this.#expected = expected;
  }

  /** The reason in words; none where every record was understood. */
  reasons(history: History): string[] {
    if (this.#count === 0) return [];
    const others = this.#count === 1 ? "" : ` (and ${this.#count - 1} more)`;
    return [`${operationName(history, this.#first)}${others} has no value of the form ${this.#expected}`];
  }
}
