import { operationName, valueText } from "../history/describe-operation.ts";
import { FAIL, type History, INVOKE, OK } from "../history/history.ts";
import { identityOf, isPair } from "../history/json-value.ts";
import type { Json } from "../history/operation.ts";
import { placedText, type Unplaced } from "./first-unplaced.ts";
import { registerRoles } from "./register-calls.ts";

/** Why a call has no place, in words. `rows` are the calls on its register. */
export function unplacedProof(
  history: History,
  rows: Int32Array,
  roles: Int8Array,
  initial: Json,
  found: Unplaced,
): string {
  const { row } = found;
  const before = placedText(found, "register", operationName(history, history.mate[row]!));
  const needed = valueNeeded(history, row, roles);
  const writers = needed === undefined ? "" : writersText(history, rows, roles, row, needed, initial);
  return `${before}, but there is no order with it${writers}`;
}

/** The value that the call found; undefined for a write. */
function valueNeeded(history: History, row: number, roles: Int8Array): Json | undefined {
  const role = roles[history.f[row]!];
  if (role === registerRoles.read) return history.value[row] ?? null;
  const asked = history.value[history.mate[row]!];
  return role === registerRoles.cas && isPair(asked) ? asked[0] : undefined;
}

function writersText(
  history: History,
  rows: Int32Array,
  roles: Int8Array,
  until: number,
  needed: Json,
  initial: Json,
): string {
  const wanted = identityOf(needed);
  const writers: string[] = [];
  if (identityOf(initial) === wanted) writers.push("the register began with it");
  for (let at = 0; at < rows.length && rows[at]! < until; at++) {
    const row = rows[at]!;
    const mate = history.mate[row]!;
    if (history.type[row] !== INVOKE || (mate >= 0 && history.type[mate] === FAIL)) continue;
    const asked = history.value[row];
    const role = roles[history.f[row]!];
    const stored =
      role === registerRoles.write
        ? (asked ?? null)
        : role === registerRoles.cas && isPair(asked)
          ? asked[1]
          : undefined;
    if (stored === undefined || identityOf(stored) !== wanted) continue;
    const isDone = mate >= 0 && history.type[mate] === OK;
    writers.push(
      `${operationName(history, row)} can have stored it${isDone ? "" : " (its outcome is unknown)"}`,
    );
  }
  const found = `: it found ${valueText(needed)}`;
  if (writers.length === 0) return `${found}, which nobody had sent by then`;
  const more = writers.length > 3 ? ` and ${writers.length - 3} more` : "";
  return `${found}; ${writers.slice(0, 3).join(", ")}${more}`;
}
