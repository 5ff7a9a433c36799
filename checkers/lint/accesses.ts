import { takenApart } from "../formats/keyed-values.ts";
import { isMicroOperations } from "../formats/micro-operations.ts";
import type { Transcript } from "../formats/transcript.ts";
import { isPair } from "../history/json-value.ts";
import type { Json } from "../history/operation.ts";

/** One value that an operation reads or writes. */
export interface Access {
  /** A `save` is a write of a versioned entity: its version tells it from others, its value need not. */
  readonly kind: "read" | "write" | "add" | "save";
  /** `null` where the operation names none. */
  readonly key: string | number | null;
  readonly value: Json;
}

const writers: ReadonlySet<string> = new Set(["write", "put", "enqueue"]);
const savers: ReadonlySet<string> = new Set(["create", "update", "delete"]);
const readers: ReadonlySet<string> = new Set(["read", "get", "dequeue"]);

/**
 * What row `row` reads and writes, by the functions that checkers know. Elements that are added to a set
 * are an `add`, and so is the amount of a counter: whoever asks must know which it is.
 */
export function accessesOf(transcript: Transcript, row: number, isKeyed: boolean): readonly Access[] {
  const own = transcript.value[row];
  const name = transcript.functions[transcript.f[row]!] ?? "txn";
  const taken = isKeyed ? takenApart(own, null, false) : null;
  const value = taken === null ? own : taken.value;
  const named = transcript.key[row]!;
  const key = taken?.key ?? (named < 0 ? null : transcript.keys[named]!);
  if (isMicroOperations(value)) return value.map(microAccess);
  if (readers.has(name)) return [{ kind: "read", key, value: value ?? null }];
  if (savers.has(name)) return [{ kind: "save", key, value: value ?? null }];
  if (value === undefined) return [];
  if (writers.has(name)) return [{ kind: "write", key, value }];
  if (name === "cas" && isPair(value)) return [{ kind: "write", key, value: value[1] }];
  return name === "add" ? [{ kind: "add", key, value }] : [];
}

function microAccess([name = null, key = null, value = null]: readonly Json[]): Access {
  const named = typeof key === "number" || typeof key === "string" ? key : JSON.stringify(key);
  return { kind: name === "r" ? "read" : "write", key: named, value };
}
