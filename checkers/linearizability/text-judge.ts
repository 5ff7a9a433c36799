import type { CheckBudget } from "../check-budget.ts";
import type { FunctionNames } from "../history/function-roles.ts";
import { OK } from "../history/history.ts";
import type { Json } from "../history/operation.ts";
import { firstUnplaced } from "./first-unplaced.ts";
import type { JudgedObject } from "./judged-object.ts";
import { modelJudge } from "./model-judge.ts";
import { kvModel } from "./models/kv-model.ts";
import { objectCalls } from "./object-calls.ts";
import type { ObjectJudge, ObjectVerdict } from "./object-judge.ts";
import { type PlacedOrder, placedOrder } from "./placed-order.ts";
import { textCalls } from "./text-calls.ts";
import { type TextFlaw, TextFlaws } from "./text-flaw.ts";
import { textProof } from "./text-proof.ts";

/**
 * Judges texts under keys. Where no text that was written begins with another one, texts tell what they were put
 * together of, and {@link TextFlaws} decides; else it is searched for an order.
 */
export function textJudge(names: readonly FunctionNames[], initial: Json = null): ObjectJudge {
  const search = modelJudge(names, kvModel(initial));
  const start = typeof initial === "string" ? initial : "";
  return { ...search, judge: (object, budget) => judge(object, start, search, budget) };
}

function judge(
  object: JudgedObject,
  initial: string,
  search: ObjectJudge,
  budget: CheckBudget | undefined,
): ObjectVerdict {
  const { history, rows, roles, numbers } = object;
  const calls = objectCalls(history, rows, roles, numbers, kvModel(initial));
  const texts = "malformed" in calls ? null : textCalls(calls, initial);
  if ("malformed" in calls || texts === null) return search.judge(object, budget);
  const flaws = new TextFlaws(texts);
  const flaw = flaws.until(texts.length);
  if (flaw === null) return { kind: "linearizable" };
  const returns = rows.filter((row) => history.type[row] === OK);
  const found = new Map<number, TextFlaw>([[returns.at(-1)!, flaw]]);
  const unplaced = firstUnplaced(returns, returns[0]!, (until) => {
    const earlier = flaws.until(calls.returned[numbers[history.mate[until]!]!]! + 1);
    if (earlier !== null) found.set(until, earlier);
    return earlier === null ? "linearizable" : "stuck";
  });
  const proof = (): string => textProof(history, calls, texts, unplaced, found.get(unplaced.row)!);
  const order = (): PlacedOrder | null => placedOrder(object, kvModel(initial), unplaced, budget);
  return { kind: "unplaced", found: unplaced, proof, order };
}
