import type { CheckBudget } from "../check-budget.ts";
import type { FunctionNames } from "../history/function-roles.ts";
import { OK } from "../history/history.ts";
import type { Json } from "../history/operation.ts";
import { firstUnplaced } from "./first-unplaced.ts";
import type { JudgedObject } from "./judged-object.ts";
import { modelJudge } from "./model-judge.ts";
import { queueModel } from "./models/queue-model.ts";
import { objectCalls } from "./object-calls.ts";
import type { ObjectJudge, ObjectVerdict } from "./object-judge.ts";
import { type PlacedOrder, placedOrder } from "./placed-order.ts";
import { queueCalls } from "./queue-calls.ts";
import { type QueueFlaw, queueFlaw } from "./queue-flaw.ts";
import { queueProof } from "./queue-proof.ts";

/**
 * Judges queues. Where no value is put in twice {@link queueFlaw} decides, in linear time; else it tries
 * the passages that are likely, which can only show that there is an order, and leaves the rest to the search.
 */
export function queueJudge(names: readonly FunctionNames[], initial: Json = []): ObjectJudge {
  const search = modelJudge(names, queueModel(initial));
  return {
    ...search,
    judge: (object, budget) => judge(object, initial as readonly Json[], search, budget),
  };
}

function judge(
  object: JudgedObject,
  initial: readonly Json[],
  search: ObjectJudge,
  budget: CheckBudget | undefined,
): ObjectVerdict {
  const { history, rows, roles, numbers } = object;
  const calls = objectCalls(history, rows, roles, numbers, queueModel([...initial]));
  if ("malformed" in calls) return search.judge(object, budget);
  const queue = queueCalls(calls, initial);
  const flaw = queueFlaw(queue);
  if (flaw === null) return { kind: "linearizable" };
  if (!queue.isDistinct) return search.judge(object, budget);
  const returns = rows.filter((row) => history.type[row] === OK);
  const flaws = new Map<number, QueueFlaw>([[returns.at(-1)!, flaw]]);
  const found = firstUnplaced(returns, returns[0]!, (until) => {
    const call = numbers[history.mate[until]!]!;
    const earlier = queueFlaw(queue, calls.returned[call]! + queue.offset);
    if (earlier !== null) flaws.set(until, earlier);
    return earlier === null ? "linearizable" : "stuck";
  });
  const proof = (): string => queueProof(history, calls, queue, found, flaws.get(found.row)!);
  const order = (): PlacedOrder | null => placedOrder(object, queueModel([...initial]), found, budget);
  return { kind: "unplaced", found, proof, order };
}
