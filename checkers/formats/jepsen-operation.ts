import { type ForeignFields, isLineProblem, wrongType, wrongValue } from "../history/history-line.ts";
import type { Json, OperationError, OperationType } from "../history/operation.ts";
import type { LineProblem } from "../history/read-error.ts";
import { isMicroOperations } from "./micro-operations.ts";
import type { TranscriptEntry } from "./transcript.ts";

/** Where a Jepsen operation comes from that no client made. */
const notAClient = "not a client";

/**
 * One map of a Jepsen history as a line of a transcript, the first thing that is wrong with it, or
 * `"not a client"` where its process is the nemesis or another one that is no number. What Jepsen leaves
 * out may be absent: `index`, `time`, `process`, and `f` where the value is a transaction.
 */
export function jepsenOperation(
  fields: ForeignFields,
  line: number,
): TranscriptEntry | LineProblem | typeof notAClient {
  const { process, type, index, time, f, value, key, client, node, error, final } = fields;
  if (!isAbsent(process) && typeof process !== "number") return notAClient;
  if (!isOperationType(type)) {
    const expected = '"invoke", "ok", "fail" or "info"';
    if (type === undefined) return wrongType("type", expected, type, "what kind of event the map is");
    return { ...wrongValue("type", expected, type, "what kind of event the map is"), code: "unknown-type" };
  }
  if (process !== undefined && process !== null && !Number.isSafeInteger(process)) {
    return wrongType("process", "a whole number", process, "the thread that made the call");
  }
  const name = functionOf(f, value as Json | undefined, type);
  if (typeof name === "object") return name;
  const keyName = keyOf(key);
  if (typeof keyName === "object") return keyName;
  return {
    line,
    type,
    process: isAbsent(process) ? undefined : (process as number),
    f: name,
    value: value as Json | undefined,
    key: keyName,
    index: isCount(index) ? index : undefined,
    time: typeof time === "number" && Number.isFinite(time) ? time : undefined,
    client: isCount(client) ? client : undefined,
    node: typeof node === "string" ? node : undefined,
    error: isAbsent(error) || type === "invoke" ? undefined : errorOf(error as Json),
    final: final === true,
  };
}

/** Is it a line of a transcript? */
export function isTranscriptEntry(
  value: TranscriptEntry | LineProblem | typeof notAClient,
): value is TranscriptEntry {
  return typeof value === "object" && !isLineProblem(value);
}

/** Undefined where it is left out of a completion: then it is that of the invocation. */
function functionOf(
  f: unknown,
  value: Json | undefined,
  type: OperationType,
): string | undefined | LineProblem {
  if (typeof f === "string" && f !== "") return f;
  const expected = "the name of the function that was called";
  const hint = "only transactions, and completions of a call, may leave it out";
  if (!isAbsent(f)) return wrongType("f", expected, f, hint);
  if (isMicroOperations(value)) return "txn";
  return type === "invoke" ? wrongType("f", expected, undefined, hint) : undefined;
}

function keyOf(key: unknown): string | undefined | LineProblem {
  if (isAbsent(key)) return undefined;
  if (typeof key === "string") return key;
  if (typeof key === "number") return String(key);
  return wrongType("key", "a string or a number", key, "the one thing that the operation is about");
}

/** Jepsen puts anything here: a keyword, a list of a keyword and a text, a map. */
function errorOf(error: Json): OperationError {
  if (typeof error === "string") return { code: error };
  const [code, message] = Array.isArray(error) ? error : [];
  const text = typeof message === "string" ? message : JSON.stringify(message ?? error);
  if (typeof code === "string" && Array.isArray(error))
    return error.length === 1 ? { code } : { code, message: text };
  const named =
    typeof error === "object" && error !== null ? (error as Record<string, Json>).type : undefined;
  return { code: typeof named === "string" ? named : "error", message: JSON.stringify(error) };
}

function isOperationType(type: unknown): type is OperationType {
  return type === "invoke" || type === "ok" || type === "fail" || type === "info";
}

function isAbsent(value: unknown): value is undefined | null {
  return value === undefined || value === null;
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
