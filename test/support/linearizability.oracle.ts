import { FAIL, type History, INVOKE, OK } from "../../checkers/history/history.ts";
import type { Json } from "../../checkers/history/operation.ts";

/** One call of one object, as the oracle sees it. */
export interface OracleCall {
  readonly f: string;
  readonly key: string;
  readonly asked: Json | undefined;
  /** What an acknowledged call answered; undefined for an unknown outcome. */
  readonly answered: Json | undefined;
  readonly isKnown: boolean;
  readonly start: number;
  /** Row of the completion, infinite for an unknown outcome. */
  readonly end: number;
}

/** What an object does: all states that a call can lead to from a state, as JSON texts. */
export type OracleObject = (state: Json, call: OracleCall) => Json[];

/** Calls by key that happened or may have happened. */
export function oracleCalls(history: History, isPartitioned: boolean): Map<string, OracleCall[]> {
  const calls = new Map<string, OracleCall[]>();
  for (let row = 0; row < history.length; row++) {
    if (history.type[row] !== INVOKE) continue;
    const mate = history.mate[row]!;
    if (mate >= 0 && history.type[mate] === FAIL) continue;
    const isKnown = mate >= 0 && history.type[mate] === OK;
    const key = history.key[row]! < 0 ? "" : history.keys[history.key[row]!]!;
    const group = isPartitioned ? key : "";
    const list = calls.get(group) ?? [];
    calls.set(group, list);
    list.push({
      f: history.functions[history.f[row]!]!,
      key,
      asked: history.value[row],
      answered: isKnown ? history.value[mate] : undefined,
      isKnown,
      start: row,
      end: isKnown ? mate : Number.POSITIVE_INFINITY,
    });
  }
  return calls;
}

/** Tries every order of the calls, and every subset of those of unknown outcome. */
export function hasOrder(calls: readonly OracleCall[], initial: Json, object: OracleObject): boolean {
  const seen = new Set<string>();
  const search = (left: readonly OracleCall[], state: Json): boolean => {
    if (left.every(({ isKnown }) => !isKnown)) return true;
    const at = `${left.map(({ start }) => start).join()} ${JSON.stringify(state)}`;
    if (seen.has(at)) return false;
    seen.add(at);
    const soonest = Math.min(...left.map(({ end }) => end));
    return left.some((call, i) => {
      if (call.start > soonest) return false;
      const others = left.toSpliced(i, 1);
      // A call of unknown outcome that is passed over here is never looked at again: it did not happen.
      return object(state, call).some((next) => search(others, next));
    });
  };
  return search(calls, initial);
}

/** Position, among the completions of the calls, of the first that cannot be explained; −1 where all can be. */
export function firstUnexplained(calls: readonly OracleCall[], initial: Json, object: OracleObject): number {
  const ends = calls.filter(({ isKnown }) => isKnown).map(({ end }) => end);
  ends.sort((a, b) => a - b);
  for (const end of ends) {
    // What had not returned by then may still be on its way: its outcome is unknown, and so is its answer.
    const until = calls
      .filter(({ start }) => start < end)
      .map((call) => (call.end <= end ? call : { ...call, end: Number.POSITIVE_INFINITY, isKnown: false }));
    if (!hasOrder(until, initial, object)) return end;
  }
  return -1;
}

const isSame = (a: Json | undefined, b: Json | undefined): boolean =>
  JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

/** A register: read, write, compare and set. */
export const oracleRegister: OracleObject = (state, { f, asked, answered, isKnown }) => {
  if (f === "read") return !isKnown || isSame(state, answered) ? [state] : [];
  if (f === "write") return [asked ?? null];
  const [from, to] = asked as [Json, Json];
  return isSame(state, from) ? [to] : [];
};

/** A text under a key: get, put, append. */
export const oracleText: OracleObject = (state, { f, asked, answered, isKnown }) => {
  if (f === "get") return !isKnown || (answered ?? "") === state ? [state] : [];
  return [f === "put" ? String(asked) : `${state}${asked}`];
};

/** A number: read, add, increment, decrement. */
export const oracleCounter: OracleObject = (state, { f, asked, answered, isKnown }) => {
  const now = state as number;
  if (f === "read") return !isKnown || answered === now ? [now] : [];
  const amount = f === "add" ? (asked as number) : 1;
  return [f === "decrement" ? now - amount : now + amount];
};

/** A set as a sorted list: add, read. */
export const oracleSet: OracleObject = (state, { f, asked, answered, isKnown }) => {
  const now = state as Json[];
  if (f === "add") return [[...new Set([...now, asked ?? null])].sort()];
  return !isKnown || isSame(now, [...(answered as Json[])].sort()) ? [now] : [];
};

/** A queue: enqueue, dequeue. */
export const oracleQueue: OracleObject = (state, { f, asked, answered, isKnown }) => {
  const now = state as Json[];
  if (f === "enqueue") return [[...now, asked ?? null]];
  if (isKnown && !isSame(now[0], answered)) return [];
  return [now.slice(1)];
};

/** A lock: acquire, release. A call of unknown outcome that could not do it did nothing. */
export const oracleMutex: OracleObject = (state, { f, isKnown }) => {
  const isFree = state === false;
  if (f === "acquire") return isFree ? [true] : isKnown ? [] : [state];
  return isFree ? (isKnown ? [] : [state]) : [false];
};

/** An entity whose version rises with every change, by any amount up to a bound: read, create, update, delete. */
export const oracleEntity: OracleObject = (state, { f, asked, answered, isKnown }) => {
  const now = state as { version: number; value: Json } | null;
  if (f === "read") return !isKnown || isSame(now, answered) ? [now] : [];
  const { expected, value } = (asked ?? {}) as { expected?: number; value: Json };
  const isRefused = f === "create" ? now !== null : now === null || now.version !== expected;
  if (isRefused) return isKnown ? [] : [now];
  if (f === "delete") return [null];
  const told = isKnown ? (answered as { version?: number } | undefined)?.version : undefined;
  const versions = Array.from({ length: 12 }, (_, version) => version + 1);
  return versions
    .filter((version) => version > (now?.version ?? 0) && (told === undefined || version === told))
    .map((version) => ({ version, value }));
};

/** Two accounts, none below zero: read, transfer. */
export const oracleBank: OracleObject = (state, { f, asked, answered, isKnown }) => {
  const now = state as { a: number; b: number };
  if (f === "read") return !isKnown || isSame(now, answered) ? [now] : [];
  const { from, to, amount } = asked as { from: "a" | "b"; to: "a" | "b"; amount: number };
  if (from !== to && now[from] < amount) return isKnown ? [] : [now];
  const next = { ...now };
  next[from] -= amount;
  next[to] += amount;
  return [next];
};
