import type { CheckBudget } from "../check-budget.ts";
import { operationName, valueText } from "../history/describe-operation.ts";
import type { FunctionNames } from "../history/function-roles.ts";
import { type History, OK } from "../history/history.ts";
import { firstUnplaced, placedText, type Unplaced } from "./first-unplaced.ts";
import type { JudgedObject } from "./judged-object.ts";
import type { LinearizabilityModel } from "./linearizability-model.ts";
import { objectCalls } from "./object-calls.ts";
import type { ObjectJudge, ObjectVerdict } from "./object-judge.ts";
import { ObjectSearch } from "./object-search.ts";
import { placedOrder } from "./placed-order.ts";
import { stateText } from "./state-text.ts";

/** States that a proof lists. */
const statesTold = 3;

/** Judges objects of any kind, by what their model says of each step. */
export function modelJudge(names: readonly FunctionNames[], model: LinearizabilityModel): ObjectJudge {
  return {
    names,
    isKeyed: model.isKeyed !== false,
    judge: (object, budget) => judge(object, model, budget),
  };
}

function judge(
  object: JudgedObject,
  model: LinearizabilityModel,
  budget: CheckBudget | undefined,
): ObjectVerdict {
  const { history, rows, roles, numbers } = object;
  const calls = objectCalls(history, rows, roles, numbers, model);
  if ("malformed" in calls) {
    const { malformed, expected } = calls;
    const came = valueText(history.value[malformed]);
    const reason = `${operationName(history, malformed)} cannot be read: expected ${expected}, not ${came}`;
    return { kind: "unreadable", reason };
  }
  const search = new ObjectSearch(model, calls, budget);
  const outcome = search.run();
  if (outcome.kind === "linearizable") return outcome;
  if (outcome.kind === "stopped") {
    const how = `${outcome.placed} of ${outcome.returning} calls were placed`;
    return { kind: "stopped", reason: `stopped: ${outcome.reason}; ${how}` };
  }
  const returns = rows.filter((row) => history.type[row] === OK);
  const from = history.mate[calls.row[outcome.call]!]!;
  const before: { row: number; text: string } = { row: -1, text: "" };
  const prefixSearch = (until: number): "linearizable" | "stuck" | "stopped" => {
    const prefix = objectCalls(history, rows, roles, numbers, model, until);
    if ("malformed" in prefix) return "stopped";
    const tried = new ObjectSearch(model, prefix, budget);
    const { kind } = tried.run();
    if (kind === "stuck") Object.assign(before, { row: until, text: statesText(tried) });
    return kind;
  };
  const found = firstUnplaced(returns, from, prefixSearch);
  // The last return of all is not searched again: nothing comes after it.
  const text = before.row === found.row ? before.text : statesText(search);
  return {
    kind: "unplaced",
    found,
    proof: () => unplacedText(history, model, found, text),
    order: () => placedOrder(object, model, found, budget),
  };
}

function statesText<State>(search: ObjectSearch<State>): string {
  const { states, count, isAll } = search.statesBefore(statesTold);
  const left = `${isAll ? "" : "at least "}${count - states.length}`;
  const more = count > states.length || !isAll ? ` or in one of ${left} more states` : "";
  return `${states.map(stateText).join(", ")}${more}`;
}

function unplacedText(
  history: History,
  { name }: LinearizabilityModel,
  found: Unplaced,
  states: string,
): string {
  const { row } = found;
  const before = placedText(found, name, operationName(history, history.mate[row]!));
  const f = history.functions[history.f[row]!]!;
  const asked = history.value[history.mate[row]!];
  const answered = history.value[row];
  const input = (asked ?? null) === null ? "" : ` ${valueText(asked)}`;
  const output = answered === undefined ? "was acknowledged" : `answered ${valueText(answered)}`;
  return `${before}, but there is no order with it: ${f}${input} ${output}, but the object can only have been ${states}`;
}
