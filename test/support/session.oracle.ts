import { type History, INVOKE, OK } from "../../checkers/history/history.ts";
import { fieldOf } from "../../checkers/history/json-value.ts";
import type { Json } from "../../checkers/history/operation.ts";

/** Kinds of calls that a session guarantee orders. */
export interface OracleGuarantee {
  readonly earlier: "reads" | "writes";
  readonly later: "reads" | "writes";
}

/** One successful call, as the oracles see it. */
interface Call {
  readonly f: string;
  readonly key: number;
  readonly session: number;
  readonly start: number;
  readonly end: number;
  readonly asked: Json | undefined;
  readonly answered: Json | undefined;
}

function callsOf(history: History): Call[] {
  const calls: Call[] = [];
  for (let row = 0; row < history.length; row++) {
    const mate = history.mate[row]!;
    if (history.type[row] !== INVOKE || mate < 0 || history.type[mate] !== OK) continue;
    calls.push({
      f: history.functions[history.f[row]!]!,
      key: history.key[row]!,
      session: history.session[row]!,
      start: row,
      end: mate,
      asked: history.value[row],
      answered: history.value[mate],
    });
  }
  return calls;
}

/** Every call that is behind an earlier one of its session, found by comparing all pairs: their completions. */
export function versionsBehind(history: History, { earlier, later }: OracleGuarantee): number[] {
  const calls = callsOf(history);
  const version = (call: Call): number => Number(fieldOf(call.answered, "version") ?? -1);
  const isOf = (call: Call, kind: "reads" | "writes"): boolean => (call.f === "read") === (kind === "reads");
  return calls
    .filter(
      (last) =>
        isOf(last, later) &&
        calls.some((first) => {
          const isBefore = first.session === last.session && first.key === last.key && first.end < last.start;
          if (!isBefore || !isOf(first, earlier)) return false;
          return later === "reads" ? version(last) < version(first) : version(last) <= version(first);
        }),
    )
    .map(({ end }) => history.index[end]!)
    .sort((a, b) => a - b);
}

/**
 * Is there an order of the values of a register, unwritten ones first, that agrees with the guarantee, in
 * which each `cas` goes forward and, where writes are promised something, each session's reads do not go
 * back? Tries all. Null: reads contradict each other by themselves where writes are promised something.
 */
export function hasSessionOrder(history: History, guarantee: OracleGuarantee): boolean | null {
  const calls = callsOf(history);
  const asked = new Set<Json>();
  for (let row = 0; row < history.length; row++) {
    const f = history.functions[history.f[row]!]!;
    if (history.type[row] !== INVOKE || f === "read") continue;
    asked.add(f === "cas" ? (history.value[row] as [Json, Json])[1] : (history.value[row] ?? null));
  }
  const stores = (call: Call): Json =>
    call.f === "cas" ? (call.asked as [Json, Json])[1] : (call.asked ?? null);
  const sees = (call: Call): Json =>
    call.f === "cas" ? (call.asked as [Json, Json])[0] : (call.answered ?? null);
  const reads = calls.filter(({ f }) => f !== "write");
  const writes = calls.filter(({ f }) => f !== "read");
  const values = [...new Set([...asked, ...reads.map(sees)])];
  const orders = permutations(values).filter((order) => {
    const unwritten = order.filter((value) => !asked.has(value)).length;
    const isFirst = order.slice(0, unwritten).every((value) => !asked.has(value));
    const isForward = writes.every(
      (write) => write.f !== "cas" || order.indexOf(sees(write)) < order.indexOf(stores(write)),
    );
    return isFirst && isForward;
  });
  const agrees = (order: readonly Json[], first: "reads" | "writes", last: "reads" | "writes"): boolean => {
    const shown = { reads: sees, writes: stores };
    const callsOfKind = { reads, writes };
    return callsOfKind[first].every((one) =>
      callsOfKind[last].every((two) => {
        if (one.session !== two.session || one.end >= two.start) return true;
        return order.indexOf(shown[first](one)) <= order.indexOf(shown[last](two));
      }),
    );
  };
  const { earlier, later } = guarantee;
  if (later === "reads") return orders.some((order) => agrees(order, earlier, later));
  const readable = orders.filter((order) => agrees(order, "reads", "reads"));
  return readable.length === 0 ? null : readable.some((order) => agrees(order, earlier, later));
}

function permutations<Item>(items: readonly Item[]): Item[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, at) => permutations(items.toSpliced(at, 1)).map((rest) => [item, ...rest]));
}
