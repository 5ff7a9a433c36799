import type { CheckBudget } from "../check-budget.ts";
import type { FunctionNames } from "../history/function-roles.ts";
import { OK } from "../history/history.ts";
import { firstUnplaced } from "./first-unplaced.ts";
import type { JudgedObject } from "./judged-object.ts";
import { registerModel } from "./models/register-model.ts";
import type { ObjectJudge, ObjectVerdict } from "./object-judge.ts";
import { type PlacedOrder, placedOrder } from "./placed-order.ts";
import { type RegisterReading, registerCalls, registerRoles } from "./register-calls.ts";
import { searchRegister } from "./search-register.ts";
import { unplacedProof } from "./unplaced-proof.ts";

/** Judges registers, by a search of their own: much is known of what a register can need. */
export function registerJudge(
  names: readonly FunctionNames[],
  hasCas: boolean,
  reading: RegisterReading,
): ObjectJudge {
  return {
    names,
    isKeyed: true,
    judge: (object, budget) => unfit(object, hasCas) ?? judge(object, reading, budget),
  };
}

/** What to say where there is a `cas` and the model has none. */
function unfit({ history, rows, roles }: JudgedObject, hasCas: boolean): ObjectVerdict | null {
  if (hasCas) return null;
  const row = rows.find((at) => roles[history.f[at]!] === registerRoles.cas);
  if (row === undefined) return null;
  const reason = `operation ${history.index[row]} is a cas, which the model register does not have`;
  return { kind: "unreadable", reason };
}

function judge(
  object: JudgedObject,
  reading: RegisterReading,
  budget: CheckBudget | undefined,
): ObjectVerdict {
  const { history, rows, roles, numbers } = object;
  const calls = registerCalls(history, rows, roles, numbers, reading);
  if ("malformed" in calls) {
    const where = `operation ${history.index[calls.malformed]} cannot be read`;
    return {
      kind: "unreadable",
      reason: `${where}: the value of a cas is a pair of the old and the new value`,
    };
  }
  const outcome = searchRegister(calls, budget);
  if (outcome.kind === "linearizable") return outcome;
  if (outcome.kind === "stopped") {
    const how = `${outcome.placed} of ${outcome.returning} calls were placed`;
    return { kind: "stopped", reason: `stopped: ${outcome.reason}; ${how}` };
  }
  const returns = rows.filter((row) => history.type[row] === OK);
  const from = history.mate[calls.row[outcome.call]!]!;
  const found = firstUnplaced(returns, from, (until) => {
    let length = 0;
    while (length < rows.length && rows[length]! <= until) length++;
    const prefix = registerCalls(history, rows.subarray(0, length), roles, numbers, { ...reading, until });
    return "malformed" in prefix ? "stopped" : searchRegister(prefix, budget).kind;
  });
  const proof = (): string => unplacedProof(history, rows, roles, reading.initial, found);
  // What a refused cas tells is no part of the model.
  const order = (): PlacedOrder | null =>
    reading.refusedCasTells ? null : placedOrder(object, registerModel(reading.initial), found, budget);
  return { kind: "unplaced", found, proof, order };
}
