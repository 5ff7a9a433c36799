import {
  keyName,
  operationName,
  sessionName,
  valueText,
  wholeKeyName,
} from "../history/describe-operation.ts";
import { clippedText } from "../history/excerpt.ts";
import { functionRoles } from "../history/function-roles.ts";
import { OK } from "../history/history.ts";
import type { Json } from "../history/operation.ts";
import { checkListOrder, listedName } from "./list-order.ts";
import type { ProjectionTask } from "./projection-task.ts";

/** One list that was read. */
interface ListRead {
  readonly name: string;
  /** Row of the completion. */
  readonly row: number;
  /** Entities of the log that it shows. */
  readonly shown: ReadonlySet<number>;
}

/**
 * Looks at lists: no entity twice; with `listOrder`, in that order; with `memberOf`, only entities that belong there after
 * some prefix of their events, and in final reads exactly those that belong there at the end, or the first of them where
 * `limitOf` gives the list a limit. Says how many lists were compared. Linear in the entries shown, and in the
 * entities (n log n with a limit) for each final read.
 */
export function checkLists(task: ProjectionTask): number {
  const { history, options } = task;
  const roles = functionRoles(history, [options.functions?.list ?? "list"]);
  const entities = new Map<string, number>();
  for (const [key, name] of history.keys.entries()) if (task.isEntity(key)) entities.set(name, key);
  const couldBelong = new Map<string, Map<number, boolean>>();
  let compared = 0;
  for (let row = 0; row < history.length; row++) {
    const value = history.value[row];
    if (history.type[row] !== OK || roles[history.f[row]!]! < 0 || !Array.isArray(value)) continue;
    const shown = entitiesShown(task, entities, row, value as readonly Json[]);
    checkListOrder(task, row, value as readonly Json[]);
    if (shown.size === 0 && options.memberOf === undefined) continue;
    compared++;
    const list = { name: wholeKeyName(history, history.key[row]!), row, shown };
    if (options.memberOf === undefined) continue;
    checkMembers(task, list, couldBelong);
    if (history.final[row] === 1) checkFinalList(task, list);
  }
  return compared;
}

function entitiesShown(
  { history, anomalies }: ProjectionTask,
  entities: ReadonlyMap<string, number>,
  row: number,
  list: readonly Json[],
): ReadonlySet<number> {
  const shown = new Set<number>();
  for (const entry of list) {
    const key = entities.get(listedName(entry));
    if (key === undefined) continue;
    if (shown.has(key)) {
      const proof = () =>
        `${sessionName(history, row)} was shown ${keyName(history, key)} twice in ${keyName(history, history.key[row]!)} ` +
        `(${operationName(history, row)})`;
      anomalies.add({ type: "listed-twice", key, rows: [row], proof });
    }
    shown.add(key);
  }
  return shown;
}

function checkMembers(
  task: ProjectionTask,
  { name, row, shown }: ListRead,
  couldBelong: Map<string, Map<number, boolean>>,
): void {
  const { history, anomalies } = task;
  let known = couldBelong.get(name);
  if (known === undefined) {
    known = new Map();
    couldBelong.set(name, known);
  }
  for (const key of shown) {
    let could = known.get(key);
    if (could === undefined) {
      could = belongsAtSomeTime(task, name, key);
      known.set(key, could);
    }
    if (could) continue;
    const proof = () =>
      `${sessionName(history, row)} was shown ${keyName(history, key)} in ${clippedText(name)} (${operationName(history, row)}), but ` +
      "after no event of the log does it belong there";
    anomalies.add({ type: "list-off-log", key, rows: [row], proof });
  }
}

function belongsAtSomeTime(task: ProjectionTask, list: string, key: number): boolean {
  const states = task.statesOf(key);
  for (let number = states.last; number > 0; number--) {
    if (belongs(task, list, key, states.at(number))) return true;
  }
  return false;
}

function belongs({ history, options }: ProjectionTask, list: string, key: number, state: Json): boolean {
  return state !== null && options.memberOf?.(list, wholeKeyName(history, key), state) === true;
}

function checkFinalList(task: ProjectionTask, list: ListRead): void {
  const { history, log, anomalies } = task;
  const { name, row, shown } = list;
  const beyond = beyondLimit(task, list);
  for (let key = 0; key < history.keys.length; key++) {
    if (!task.isEntity(key)) continue;
    const states = task.statesOf(key);
    const state = states.at(states.last);
    const should = belongs(task, name, key, state);
    // Who belongs there and is cut off is the business of the cut.
    if (should === shown.has(key) || (should && beyond.has(key))) continue;
    const event = log.row[states.eventOf(states.last)]!;
    const proof = () =>
      `once all was quiet ${clippedText(name)} ${should ? "did not show" : "showed"} ${keyName(history, key)} ` +
      `(${operationName(history, row)}), which ${should ? "belongs" : "does not belong"} there: the log ends with ` +
      `${valueText(state)} (${operationName(history, event)})`;
    anomalies.add({ type: "list-differs", key, rows: [event, row], proof });
  }
}

/** The entities that belong into a list and that its limit leaves room for no more. Adds where the cut is another one. */
function beyondLimit(task: ProjectionTask, { name, row, shown }: ListRead): ReadonlySet<number> {
  const { history, options, anomalies } = task;
  const { limitOf, listOrder } = options;
  const limit = limitOf?.(name) ?? null;
  if (limit === null) return new Set();
  const belonging: number[] = [];
  for (let key = 0; key < history.keys.length; key++) {
    if (!task.isEntity(key)) continue;
    const states = task.statesOf(key);
    if (belongs(task, name, key, states.at(states.last))) belonging.push(key);
  }
  if (belonging.length <= limit) return new Set();
  // Without an order any of them may be left out.
  if (listOrder === undefined) return new Set(shown.size >= limit ? belonging : []);
  belonging.sort((a, b) => listOrder(history.keys[a]!, history.keys[b]!));
  const first = belonging.slice(0, limit);
  const cut = belonging.slice(limit);
  const missing = first.find((key) => !shown.has(key));
  const instead = cut.find((key) => shown.has(key));
  if (missing === undefined || instead === undefined) return new Set(cut);
  const proof = () =>
    `once all was quiet ${clippedText(name)} showed ${keyName(history, instead)} and not ${keyName(history, missing)} ` +
    `(${operationName(history, row)}), which comes before it: of the ${belonging.length} that belong there the first ` +
    `${limit} are to be shown`;
  anomalies.add({ type: "list-cut-elsewhere", key: history.key[row]!, rows: [row], proof });
  return new Set(belonging);
}
