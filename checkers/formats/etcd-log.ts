import type { Json, OperationError, OperationType } from "../history/operation.ts";
import type { LineFormat, LineTarget } from "./line-transcript.ts";
import { strangeLine } from "./line-transcript.ts";

const marker = "jepsen.util - ";
const hint = "a line is INFO jepsen.util - <process> :invoke|:ok|:fail|:info :read|:write|:cas <value>";

/**
 * Logs of Jepsen runs against etcd, as in Porcupine's test data: one CAS register. `:timed-out` in place
 * of a value is no observation of a read, and an unknown outcome of a write or a CAS. Lines that no
 * client wrote are ignored.
 */
export function etcdLog(target: LineTarget): LineFormat {
  return { hasRealTime: true, line: (text, number) => readLine(text, number, target), end() {} };
}

function readLine(text: string, line: number, { transcript, problems }: LineTarget): void {
  const mark = text.indexOf(marker);
  if (mark < 0) return;
  const words = wordsOf(text, mark + marker.length);
  const process = numberOf(words[0] ?? "");
  // The nemesis logs in the same form, with a name in place of a number.
  if (typeof process !== "number") return;
  const type = typeOf(words[1] ?? "");
  const f = words[2] ?? "";
  if (type === undefined || !f.startsWith(":") || f.length === 1) {
    problems.error(line, strangeLine("an operation", text, hint));
    return;
  }
  const name = f.slice(1);
  const isTimeout = words[3] === ":timed-out";
  const value = isTimeout ? undefined : loggedValue(name, words);
  if (value === undefined && !isTimeout) {
    problems.error(line, strangeLine("nil, a number, or [old new] of a cas", text, hint));
    return;
  }
  const error: OperationError | undefined = isTimeout ? { code: "timed-out" } : undefined;
  const outcome = isTimeout && name !== "read" && type === "fail" ? "info" : type;
  transcript.add({ line, type: outcome, process, f: name, value, error });
}

/** What stands between blanks; brackets count as blanks. */
function wordsOf(text: string, from: number): string[] {
  const words: string[] = [];
  let start = -1;
  for (let at = from; at <= text.length; at++) {
    const unit = at < text.length ? text.charCodeAt(at) : 32;
    const isBlank = unit <= 32 || unit === 91 || unit === 93;
    if (!isBlank && start < 0) start = at;
    else if (isBlank && start >= 0) {
      words.push(text.slice(start, at));
      start = -1;
    }
  }
  return words;
}

function typeOf(word: string): OperationType | undefined {
  if (word === ":invoke") return "invoke";
  if (word === ":ok") return "ok";
  if (word === ":fail") return "fail";
  return word === ":info" ? "info" : undefined;
}

/** `nil`, `4` or `[1 4]`. */
function loggedValue(name: string, words: readonly string[]): Json | undefined {
  const first = numberOf(words[3] ?? "");
  if (name !== "cas") return words.length === 4 ? first : undefined;
  const second = numberOf(words[4] ?? "");
  return first === undefined || second === undefined || words.length !== 5 ? undefined : [first, second];
}

function numberOf(word: string): number | null | undefined {
  if (word === "nil") return null;
  const start = word.startsWith("-") ? 1 : 0;
  let number = 0;
  for (let at = start; at < word.length; at++) {
    const digit = word.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return undefined;
    number = number * 10 + digit;
  }
  if (word.length === start || number > Number.MAX_SAFE_INTEGER) return undefined;
  return start === 1 && number !== 0 ? -number : number;
}
