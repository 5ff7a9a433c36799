import { INVOKE } from "../history/history.ts";
import { isPair } from "../history/json-value.ts";
import type { Json } from "../history/operation.ts";
import { isMicroOperations } from "./micro-operations.ts";
import type { Transcript } from "./transcript.ts";

/**
 * Are the values of this file pairs of a key and a value, as `jepsen.independent` writes them? Only where
 * there is no other way to see it: no line names a key, every call has a value that is a pair with a
 * plain first part, and there are reads that ask for `[key nil]`, which no read of a single thing does;
 * or every call is a pair of a plain key and a transaction. Linear.
 */
export function looksKeyed(transcript: Transcript): boolean {
  if (transcript.keys.length > 0) return false;
  let reads = 0;
  let transactions = 0;
  let calls = 0;
  for (let row = 0; row < transcript.length; row++) {
    if (transcript.type[row] !== INVOKE) continue;
    const value = transcript.value[row];
    if (!isPair(value) || isMicroOperations(value) || !isPlain(value[0])) return false;
    const f = transcript.functions[transcript.f[row]!];
    if (f === "read" && value[1] === null) reads++;
    else if (f === "read") return false;
    else if (f === "cas" && !isPair(value[1])) return false;
    else if (isMicroOperations(value[1])) transactions++;
    calls++;
  }
  return reads > 0 || (calls > 0 && transactions === calls);
}

/** A value taken apart into key and value. */
export interface KeyedValue {
  readonly key: string;
  readonly value: Json | undefined;
  /** Was the key a number? Undefined where it is that of the invocation. */
  readonly isNumber?: boolean;
}

/**
 * Takes a pair apart. A completion that is not the pair of its invocation's key is the value alone: some
 * exports leave the key out there. Null where it is no pair and `key` is not known.
 */
export function takenApart(value: Json | undefined, key: string | null, isList: boolean): KeyedValue | null {
  if (isPair(value) && isPlain(value[0])) {
    const name = String(value[0]);
    const isBareList = isList && key !== null && !Array.isArray(value[1]) && value[1] !== null;
    if ((key === null || name === key) && !isBareList)
      return { key: name, value: value[1], isNumber: typeof value[0] === "number" };
  }
  return key === null ? null : { key, value };
}

function isPlain(value: Json): boolean {
  return typeof value === "number" || typeof value === "string" || typeof value === "boolean";
}
