import { keyName, nodeName, operationName, valueText } from "../history/describe-operation.ts";
import { clippedText } from "../history/excerpt.ts";
import { isSameJson } from "../history/json-value.ts";
import { functionNumber, isRecord } from "../records/records-by-key.ts";
import type { Mismatch, MismatchCauses } from "./mismatch-causes.ts";
import { eventText } from "./projected-log.ts";
import { type ProjectionTask, shownState } from "./projection-task.ts";

/** A read model at the end: by key the row of its record, −1 where it has none. */
interface FinalModel {
  readonly node: number;
  readonly rows: Map<number, number>;
}

/** What was compared at the end. */
export interface FinalModels {
  readonly compared: number;
  /** Read models whose state at the end was recorded. */
  readonly models: number;
}

/**
 * Holds the read models at the end, and those rebuilt from the log, against the fold of the log. Linear in the
 * entities times the projections.
 */
export function checkFinalModels(task: ProjectionTask, causes: MismatchCauses): FinalModels {
  const projected = finalModels(task, "projected");
  const rebuilt = finalModels(task, "rebuilt");
  let compared = 0;
  for (const model of projected.values()) {
    for (const key of keysOf(task, model)) {
      compared++;
      checkFold(task, model, key, causes);
    }
  }
  for (const model of rebuilt.values()) {
    const live = projected.get(model.node);
    for (const key of new Set([...keysOf(task, model), ...(live?.rows.keys() ?? [])])) {
      compared++;
      checkRebuilt(task, model, live, key);
    }
  }
  return { compared, models: projected.size };
}

function finalModels({ history }: ProjectionTask, kind: string): Map<number, FinalModel> {
  const models = new Map<number, FinalModel>();
  const f = functionNumber(history, kind);
  for (let row = 0; row < history.length; row++) {
    if (!isRecord(history, row, f, "final")) continue;
    const node = history.node[row]!;
    let model = models.get(node);
    if (model === undefined) {
      model = { node, rows: new Map() };
      models.set(node, model);
    }
    model.rows.set(history.key[row]!, row);
  }
  return models;
}

/** Entities of the log, and those that only the model has. */
function* keysOf(task: ProjectionTask, model: FinalModel): Generator<number, void, undefined> {
  for (let key = 0; key < task.history.keys.length; key++) if (task.isEntity(key)) yield key;
  for (const key of model.rows.keys()) if (!task.isEntity(key)) yield key;
}

function checkFold(task: ProjectionTask, model: FinalModel, key: number, causes: MismatchCauses): void {
  const { history, anomalies } = task;
  const row = model.rows.get(key) ?? -1;
  const shown = row < 0 ? null : shownState(history.value[row]);
  const states = task.statesOf(key);
  const expected = states.at(states.last);
  if (isSameJson(shown, expected)) return;
  const reached = states.lastOf(states.stateOf(shown));
  const found: Mismatch = { node: model.node, key, row, shown, reached, until: Number.POSITIVE_INFINITY };
  const absent = reached < 0 ? -1 : states.eventOf(reached + 1);
  const type =
    expected === null
      ? "extra-entity"
      : shown === null
        ? "missing-entity"
        : reached < 0
          ? "state-off-log"
          : "not-converged";
  const rows = absent < 0 ? [] : [task.log.row[absent]!];
  if (row >= 0) rows.push(row);
  const [first, ...others] = rows;
  const proof = () => foldProof(task, found, absent);
  // Without a record and without an event there is nothing to differ.
  if (first !== undefined) anomalies.add({ type, key, rows: [first, ...others], proof });
  causes.explain(found);
}

function foldProof(task: ProjectionTask, { key, row, node, shown }: Mismatch, absent: number): string {
  const { history, log } = task;
  const name = node < 0 ? "the read model" : `the read model ${clippedText(history.nodes[node]!)}`;
  const states = task.statesOf(key);
  const has =
    row < 0
      ? `${name} has no ${keyName(history, key)}`
      : `${name} shows ${valueText(shown)} for ${keyName(history, key)} (${operationName(history, row)})`;
  const should =
    states.last === 0
      ? "the log has no event of it"
      : `the log ends with ${valueText(states.at(states.last))} (${eventText(history, log, states.eventOf(states.last))})`;
  const missing =
    absent < 0
      ? states.last === 0
        ? ""
        : "; no prefix of the log gives that state"
      : `; the first event whose effect is absent is ${eventText(history, log, absent)}`;
  return `once all was quiet ${has}, but ${should}${missing}`;
}

function checkRebuilt(
  task: ProjectionTask,
  model: FinalModel,
  live: FinalModel | undefined,
  key: number,
): void {
  const { history, log, anomalies } = task;
  const row = model.rows.get(key) ?? -1;
  const rebuilt = row < 0 ? null : shownState(history.value[row]);
  const other = live?.rows.get(key) ?? -1;
  const states = task.statesOf(key);
  const expected =
    live === undefined ? states.at(states.last) : other < 0 ? null : shownState(history.value[other]);
  if (isSameJson(rebuilt, expected)) return;
  const last = states.last === 0 ? -1 : log.row[states.eventOf(states.last)]!;
  const rows = [row, live === undefined ? last : other].filter((at) => at >= 0);
  const [first = last, ...others] = rows;
  const against = (): string =>
    live === undefined
      ? "the log ends with"
      : `the live one ${other < 0 ? "has none; it shows" : `(${operationName(history, other)}) shows`}`;
  const proof = () =>
    `the read model ${row < 0 ? "" : `of ${nodeName(history, row)} `}rebuilt from the log ` +
    `${row < 0 ? "has no" : `shows ${valueText(rebuilt)} (${operationName(history, row)}) for`} ${keyName(history, key)}, ` +
    `but ${against()} ${valueText(expected)}`;
  if (first >= 0) anomalies.add({ type: "rebuild-differs", key, rows: [first, ...others], proof });
}
