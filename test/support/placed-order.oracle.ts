import type { CheckResult } from "../../checkers/checker.ts";
import type { History } from "../../checkers/history/history.ts";
import type { Json } from "../../checkers/history/operation.ts";
import type { OracleCall, OracleObject } from "./linearizability.oracle.ts";

/** The rows of the whole order that a result gives of what came before its first anomaly; histories are small. */
export function prefixOf(result: CheckResult, history: History): number[] {
  const details = result.stats.details as unknown as {
    firstUnplaced: { operation: number; prefix?: { before: number; operations: number[] } }[];
  };
  const [anomaly] = result.anomalies;
  const found = details.firstUnplaced.find(({ operation }) => operation === anomaly?.operations[0]);
  if (found?.prefix?.before !== 0) throw new Error("no order was given, or not the whole of it");
  return found.prefix.operations.map((operation) => history.index.indexOf(operation));
}

/** What is wrong with an order of calls, given by the rows of their invocations in this order; null: nothing. */
export function orderFlaw(
  calls: readonly OracleCall[],
  order: readonly number[],
  unplaced: OracleCall,
  initial: Json,
  object: OracleObject,
): string | null {
  const known = knownBefore(calls, unplaced);
  const placed = order.map((row) => known.find(({ start }) => start === row));
  if (placed.includes(undefined)) return "a call is in it that had not been sent";
  const list = placed as OracleCall[];
  if (new Set(order).size < order.length) return "a call is in it twice";
  if (known.some((call) => call.isKnown && !list.includes(call)))
    return "a call that had returned is missing";
  if (!agreesWithTime(list)) return "it does not agree with real time";
  return follows(list, initial, object).length > 0 ? null : "it does not explain what calls answered";
}

/** Can the call that has no place be put somewhere in the order, with what it answered? */
export function hasPlace(
  calls: readonly OracleCall[],
  order: readonly number[],
  unplaced: OracleCall,
  initial: Json,
  object: OracleObject,
): boolean {
  const known = knownBefore(calls, unplaced);
  const list = order
    .filter((row) => row !== unplaced.start)
    .map((row) => known.find(({ start }) => start === row)!);
  return [...list, unplaced].some((_, at) => {
    const tried = list.toSpliced(at, 0, unplaced);
    return agreesWithTime(tried) && follows(tried, initial, object).length > 0;
  });
}

/** Calls as they were known just before one returned. */
function knownBefore(calls: readonly OracleCall[], unplaced: OracleCall): OracleCall[] {
  return calls
    .filter(({ start }) => start < unplaced.end)
    .map((call) =>
      call.end < unplaced.end
        ? call
        : { ...call, end: Number.POSITIVE_INFINITY, isKnown: false, answered: undefined },
    );
}

function agreesWithTime(list: readonly OracleCall[]): boolean {
  return list.every((call, at) => list.slice(at + 1).every((later) => later.end > call.start));
}

/** All states after calls that take effect one after the other. */
function follows(list: readonly OracleCall[], initial: Json, object: OracleObject): Json[] {
  return list.reduce<Json[]>(
    (states, call) => {
      const next = states.flatMap((state) => object(state, call));
      return [...new Map(next.map((state) => [JSON.stringify(state), state])).values()];
    },
    [initial],
  );
}
