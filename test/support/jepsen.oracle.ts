import { FAIL, type History, INVOKE, OK } from "../../checkers/history/history.ts";
import type { Json } from "../../checkers/history/operation.ts";

/** One call, as the oracles see it; `end` is infinite where it never ended. */
interface Call {
  readonly f: string;
  readonly start: number;
  readonly end: number;
  readonly outcome: number | null;
  readonly asked: Json;
  readonly answered: Json;
}

function callsOf(history: History): Call[] {
  const calls: Call[] = [];
  for (let row = 0; row < history.length; row++) {
    if (history.type[row] !== INVOKE) continue;
    const mate = history.mate[row]!;
    calls.push({
      f: history.functions[history.f[row]!]!,
      start: row,
      end: mate < 0 ? Number.POSITIVE_INFINITY : mate,
      outcome: mate < 0 ? null : history.type[mate]!,
      asked: history.value[row] ?? null,
      answered: mate < 0 ? null : (history.value[mate] ?? null),
    });
  }
  return calls;
}

function readsOf(calls: readonly Call[]): Call[] {
  return calls.filter(({ f, outcome }) => f === "read" && outcome === OK);
}

/** Reads of a counter out of their bounds, found by summing anew for each: rows of their completions. */
export function counterOracle(history: History): number[] {
  const calls = callsOf(history);
  const adds = calls.filter(({ f, outcome }) => f === "add" && outcome !== FAIL);
  const wrong = readsOf(calls).filter((read) => {
    const shown = read.answered as number;
    let [lower, upper] = [0, 0];
    for (const add of adds) {
      const amount = add.asked as number;
      const isCertain = add.outcome === OK && add.end < read.start;
      const isPossible = add.start < read.end;
      lower += isCertain ? amount : isPossible ? Math.min(0, amount) : 0;
      upper += isCertain ? amount : isPossible ? Math.max(0, amount) : 0;
    }
    return shown < lower || shown > upper;
  });
  return wrong.map(({ end }) => end);
}

/** What is wrong with a set, each element by itself: `lost 3`, `stale 4`, `twice 5`, `phantom 6`, sorted. */
export function setOracle(history: History): string[] {
  const calls = callsOf(history);
  const reads = readsOf(calls);
  const wrong = new Set<string>();
  const elements = new Set<number>();
  for (const { f, asked } of calls) if (f === "add") elements.add(asked as number);
  for (const read of reads) for (const element of read.answered as number[]) elements.add(element);
  for (const element of elements) {
    const shows = (read: Call): boolean => (read.answered as number[]).includes(element);
    const adds = calls.filter(({ f, asked }) => f === "add" && asked === element);
    const known = Math.min(
      ...adds.filter(({ outcome }) => outcome === OK).map(({ end }) => end),
      ...reads.filter(shows).map(({ end }) => end),
    );
    for (const read of reads) {
      const shown = (read.answered as number[]).filter((other) => other === element).length;
      if (shown > 1) wrong.add(`twice ${element}`);
      const isTried = adds.some(({ outcome, start }) => outcome !== FAIL && start < read.end);
      if (shown > 0 && !isTried) wrong.add(`phantom ${element}`);
      if (shown > 0 || read.start < known) continue;
      const isBack = reads.some((other) => shows(other) && other.end > read.start);
      const isOver = reads.every((other) => !shows(other) || other.end < read.start);
      if (isBack) wrong.add(`stale ${element}`);
      if (isOver) wrong.add(`lost ${element}`);
    }
  }
  return [...wrong].sort();
}

/** Are there two reads of a bank that show different sums, or one that shows an account below zero? */
export function bankOracle(history: History): { readonly differs: boolean; readonly isNegative: boolean } {
  const balances = readsOf(callsOf(history)).map(({ answered }) =>
    Object.values(answered as Record<string, number>),
  );
  const sums = balances.map((accounts) => accounts.reduce((sum, balance) => sum + balance, 0));
  return {
    differs: new Set(sums).size > 1,
    isNegative: balances.some((accounts) => accounts.some((balance) => balance < 0)),
  };
}

/**
 * Are there two reads of which each saw a write that the other one, reading the same key, did not? Keys of which more than
 * one value was written or read do not count.
 */
export function longForkOracle(history: History): boolean {
  const calls = callsOf(history);
  const operations = (value: Json): Json[][] => (Array.isArray(value) ? (value as Json[][]) : []);
  const known = calls
    .filter(({ outcome }) => outcome !== FAIL)
    .flatMap(({ asked, answered }) => [...operations(asked), ...operations(answered)])
    .filter(([, , value]) => value !== null);
  const isPlain = (key: Json | undefined): boolean =>
    new Set(known.filter(([, other]) => other === key).map(([, , value]) => value)).size < 2;
  const reads = readsOf(calls).map(
    ({ answered }) =>
      new Map(
        operations(answered).flatMap(([, key, value]) => (isPlain(key) ? [[key, value !== null]] : [])),
      ),
  );
  const sawMore = (a: ReadonlyMap<unknown, boolean>, b: ReadonlyMap<unknown, boolean>): boolean =>
    [...a].some(([key, seen]) => seen && b.get(key) === false);
  return reads.some((a) => reads.some((b) => sawMore(a, b) && sawMore(b, a)));
}
