import { operationName, valueText } from "../history/describe-operation.ts";
import { FAIL, type History, INVOKE, OK } from "../history/history.ts";
import { identityOf, isPair } from "../history/json-value.ts";
import type { Json } from "../history/operation.ts";
import { placedText, type Unplaced } from "./first-unplaced.ts";
import { callText } from "./order-words.ts";
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
  const last = { history, rows, roles, wanted, before: history.mate[until]! };
  if (identityOf(initial) === wanted) writers.push(`the register began with it${goneText(last, -1)}`);
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
    const gone = isDone ? goneText(last, mate) : "";
    const can = gone === "" ? "can have stored it" : "stored it";
    writers.push(`${operationName(history, row)} ${can}${isDone ? "" : " (its outcome is unknown)"}${gone}`);
  }
  const found = `: it found ${valueText(needed)}`;
  if (writers.length === 0) return `${found}, which nobody had sent by then`;
  const more = writers.length > 3 ? `; and ${writers.length - 3} more` : "";
  return `${found}; ${writers.slice(0, 3).join("; ")}${more}`;
}

/** A value that is looked for, and the invocation before which it must have been there. */
interface LastOfValue {
  readonly history: History;
  readonly rows: Int32Array;
  readonly roles: Int8Array;
  readonly wanted: ReturnType<typeof identityOf>;
  readonly before: number;
}

/**
 * Names the call by which a value that was there from a row on was certainly gone: one between that row and the
 * invocation that stored another value or, where there is none, found one. Empty where no single call shows that.
 */
function goneText(last: LastOfValue, from: number): string {
  const { history, before } = last;
  const found: { overwrote: number; saw: number } = { overwrote: -1, saw: -1 };
  for (const row of last.rows) {
    if (row <= from) continue;
    if (row >= before) break;
    const mate = history.mate[row]!;
    if (history.type[row] !== INVOKE || mate < 0 || mate >= before || history.type[mate] !== OK) continue;
    const role = last.roles[history.f[row]!];
    const asked = history.value[row];
    const held =
      role === registerRoles.read
        ? history.value[mate]
        : isPair(asked) && role === registerRoles.cas
          ? asked[1]
          : asked;
    if (identityOf(held ?? null) === last.wanted) continue;
    if (role === registerRoles.read) found.saw = row;
    else found.overwrote = row;
  }
  const call = found.overwrote >= 0 ? found.overwrote : found.saw;
  if (call < 0) return "";
  const did = found.overwrote >= 0 ? "overwrote it" : "no longer found it";
  const until = `returned before ${operationName(history, before)} was sent`;
  const when = from < 0 ? `and ${until}` : `sent after that had returned, and ${until}`;
  return `, but ${callText(history, call, before)} ${did}, ${when}`;
}
