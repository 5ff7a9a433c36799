import { FAIL, type History, INVOKE, OK } from "../../checkers/history/history.ts";
import { fieldOf, isSameJson } from "../../checkers/history/json-value.ts";
import type { Json } from "../../checkers/history/operation.ts";

/** One call of a history, as the oracles see it. */
interface Call {
  readonly f: string;
  readonly session: number;
  /** Row of the invocation. */
  readonly start: number;
  /** Row of the completion; infinite where the outcome is unknown. */
  readonly end: number;
  readonly isOk: boolean;
  readonly asked: Json | undefined;
  readonly answered: Json | undefined;
  readonly isFinal: boolean;
}

function callsOf(history: History): Call[] {
  const calls: Call[] = [];
  for (let row = 0; row < history.length; row++) {
    if (history.type[row] !== INVOKE) continue;
    const mate = history.mate[row]!;
    if (mate >= 0 && history.type[mate] === FAIL) continue;
    const isOk = mate >= 0 && history.type[mate] === OK;
    calls.push({
      f: history.functions[history.f[row]!]!,
      session: history.session[row]!,
      start: row,
      end: isOk ? mate : Number.POSITIVE_INFINITY,
      isOk,
      asked: history.value[row],
      answered: isOk ? history.value[mate] : undefined,
      isFinal: history.final[row] === 1,
    });
  }
  return calls;
}

function stores(call: Call): Json {
  if (call.f === "write") return call.asked ?? null;
  return call.f === "cas" ? (call.asked as [Json, Json])[1] : null;
}

function sees(call: Call): Json {
  return call.f === "cas" ? (call.asked as [Json, Json])[0] : (call.answered ?? null);
}

/**
 * Is there an order of the values of a register, those that nobody asked to write first, in which each session's writes
 * follow each other, each of its reads is at or after them, and each `cas` goes forward? Tries all. A write that was
 * refused may have happened nonetheless: this is not the promise that is broken then.
 */
export function hasValueOrder(history: History): boolean {
  const calls = callsOf(history);
  const writes = calls.filter(({ f }) => f === "write" || f === "cas");
  const reads = calls.filter(({ f, isOk }) => isOk && f !== "write");
  const values = [...new Set([...writes.map(stores), ...reads.map(sees)])];
  const written = new Set(askedIn(history));
  return permutations(values).some((order) => {
    const at = (value: Json): number => order.indexOf(value);
    const unwritten = order.filter((value) => !written.has(value)).length;
    if (order.slice(0, unwritten).some((value) => written.has(value))) return false;
    return writes.every((write) => {
      if (!write.isOk) return true;
      if (write.f === "cas" && at(sees(write)) >= at(stores(write))) return false;
      const after = (call: Call): boolean => call.session === write.session && call.start > write.end;
      return (
        reads.every((read) => !after(read) || at(sees(read)) >= at(stores(write))) &&
        writes.every((next) => !next.isOk || !after(next) || at(stores(next)) > at(stores(write)))
      );
    });
  });
}

/** The values that any write asked for, refused ones too. */
function askedIn(history: History): Json[] {
  return history.value.flatMap((value, row) => {
    const f = history.functions[history.f[row]!]!;
    if (history.type[row] !== INVOKE || (f !== "write" && f !== "cas")) return [];
    return [f === "write" ? (value ?? null) : (value as [Json, Json])[1]];
  });
}

/** Is each final read of a register explained by some order of the writes that agrees with real time? */
export function isDurableRegister(history: History): boolean {
  const calls = callsOf(history);
  const writes = calls.filter(({ f }) => f !== "read");
  return calls
    .filter(({ f, isOk, isFinal }) => f === "read" && isOk && isFinal)
    .every((read) => {
      const required = writes.filter(({ end }) => end < read.start);
      const optional = writes.filter(({ start, end }) => end >= read.start && start < read.end);
      if (required.length === 0) return true;
      return sequences(required, optional).some((order) => isSameJson(stores(order.at(-1)!), sees(read)));
    });
}

/** Does each final read of a set show every element whose addition was acknowledged before it was sent? */
export function isDurableSet(history: History): boolean {
  const calls = callsOf(history);
  return calls
    .filter(({ f, isOk, isFinal }) => f === "read" && isOk && isFinal)
    .every((read) =>
      calls.every(({ f, end, asked }) => {
        const isDemanded = f === "add" && end < read.start;
        return !isDemanded || (read.answered as Json[]).some((shown) => isSameJson(shown, asked));
      }),
    );
}

/** As {@link isDurableRegister} for a versioned entity; see the docstring of `durability`. */
export function isDurableEntity(history: History): boolean {
  const calls = callsOf(history);
  const writes = calls.filter(({ f }) => f !== "read");
  return calls
    .filter(({ f, isOk, isFinal }) => f === "read" && isOk && isFinal)
    .every((read) => {
      const required = writes.filter(({ end }) => end < read.start);
      const optional = writes.filter(({ start, end }) => end >= read.start && start < read.end);
      if (required.length === 0) return true;
      return sequences(required, optional).some((order) => isShownBy(order, required, read));
    });
}

function isShownBy(order: readonly Call[], required: readonly Call[], read: Call): boolean {
  const isThere = read.answered !== null && read.answered !== undefined;
  if ((order.at(-1)!.f !== "delete") !== isThere) return false;
  const lastDelete = order.findLastIndex(({ f }) => f === "delete");
  return order.slice(lastDelete + 1).every((write) => {
    if (!required.includes(write)) return true;
    const version = fieldOf(write.answered, "version") as number;
    const shown = fieldOf(read.answered, "version") as number;
    if (shown !== version) return shown > version;
    const stored = fieldOf(write.answered, "value") ?? fieldOf(write.asked, "value");
    return isSameJson(stored, fieldOf(read.answered, "value"));
  });
}

/** Orders of all required and some of the optional calls that agree with real time. */
function sequences(required: readonly Call[], optional: readonly Call[]): Call[][] {
  return subsets(optional).flatMap((some) =>
    permutations([...required, ...some]).filter((order) =>
      order.every((call, at) => order.slice(at + 1).every((later) => later.end > call.start)),
    ),
  );
}

function subsets<Item>(items: readonly Item[]): Item[][] {
  const [first, ...rest] = items;
  if (first === undefined) return [[]];
  return subsets(rest).flatMap((some) => [some, [first, ...some]]);
}

function permutations<Item>(items: readonly Item[]): Item[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, at) => permutations(items.toSpliced(at, 1)).map((rest) => [item, ...rest]));
}
