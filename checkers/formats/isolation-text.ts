import type { Json } from "../history/operation.ts";
import type { LineFormat, LineTarget } from "./line-transcript.ts";
import { strangeLine } from "./line-transcript.ts";

const dash = 45;
const equals = 61;
const letterR = 114;
const letterW = 119;
const hint = "a line is r <key> <value>, w <key> <value>, ----- after a transaction or ===== after a session";

type Operation = [name: string, key: number, value: number | null];

/**
 * Transactions on registers in the text form of AWDIT: `r key value` and `w key value`, `-----` after a
 * transaction, `=====` after a session. Sessions become processes. A read of 0 from a key that nobody set
 * to 0 read what was there at the start, so its value becomes null. The index of an operation is the
 * line at which its transaction begins or ends. Source: Møldrup and Pavlogiannis, "AWDIT: An Optimal Weak
 * Database Isolation Tester", PLDI 2025, and its test data.
 */
export function isolationText(target: LineTarget): LineFormat {
  const reader = new IsolationReader(target);
  return {
    hasRealTime: false,
    line: (text, number) => reader.line(text, number),
    end: (lastNumber) => reader.end(lastNumber),
  };
}

class IsolationReader {
  readonly #target: LineTarget;
  readonly #zeroReads: Operation[] = [];
  readonly #keysSetToZero = new Set<number>();
  #transaction: Operation[] = [];
  #startLine = 0;
  #session = 0;

  constructor(target: LineTarget) {
    this.#target = target;
  }

  line(text: string, number: number): void {
    const first = text.charCodeAt(0);
    if ((first === letterR || first === letterW) && text.charCodeAt(1) === 32) {
      this.#operation(text, number, first === letterR);
    } else if (first === dash || first === equals) {
      this.#commit(number);
      if (first === equals) this.#session++;
    } else if (text.trim() !== "") this.#strange(text, number);
  }

  end(lastNumber: number): void {
    this.#commit(lastNumber + 1);
    for (const read of this.#zeroReads) if (!this.#keysSetToZero.has(read[1])) read[2] = null;
  }

  #operation(text: string, number: number, isRead: boolean): void {
    let at = 2;
    let key = 0;
    for (; at < text.length; at++) {
      const digit = text.charCodeAt(at) - 48;
      if (digit < 0 || digit > 9) break;
      key = key * 10 + digit;
    }
    const start = at + 1;
    let value = 0;
    let end = start;
    for (; end < text.length; end++) {
      const digit = text.charCodeAt(end) - 48;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    const isComplete = at > 2 && end > start && text.charCodeAt(at) === 32 && isBlankFrom(text, end);
    if (!isComplete || key > Number.MAX_SAFE_INTEGER || value > Number.MAX_SAFE_INTEGER) {
      this.#strange(text, number);
      return;
    }
    const operation: Operation = [isRead ? "r" : "w", key, value];
    if (value === 0 && isRead) this.#zeroReads.push(operation);
    else if (value === 0) this.#keysSetToZero.add(key);
    if (this.#transaction.length === 0) this.#startLine = number;
    this.#transaction.push(operation);
  }

  #commit(number: number): void {
    const operations = this.#transaction;
    if (operations.length === 0) return;
    this.#transaction = [];
    const { transcript } = this.#target;
    const process = this.#session;
    const line = this.#startLine;
    const asked: Json = operations.map(([name, key, value]) => [name, key, name === "r" ? null : value]);
    transcript.add({ line, type: "invoke", process, f: "txn", value: asked, index: line });
    transcript.add({ line, type: "ok", process, f: "txn", value: operations, index: number });
  }

  #strange(text: string, number: number): void {
    this.#target.problems.error(number, strangeLine("an operation or a separator", text, hint));
  }
}

function isBlankFrom(text: string, from: number): boolean {
  for (let at = from; at < text.length; at++) if (text.charCodeAt(at) > 32) return false;
  return true;
}
