import type { AnomalyList } from "../anomaly-list.ts";
import { CompletionQueue } from "../history/completion-queue.ts";
import { keyName, operationName, sessionName, valueText } from "../history/describe-operation.ts";
import { FAIL, type History, OK } from "../history/history.ts";
import { fieldOf, identityOf } from "../history/json-value.ts";
import { numberOf } from "./collect-acquisitions.ts";
import type { LockFields } from "./lock-options.ts";
import type { AcceptedWrite, WriteOrder } from "./write-order.ts";

/** One resource that is written under locks. */
export interface ResourceTask {
  readonly history: History;
  /** Position in `history.keys`. */
  readonly resource: number;
  /** Invocations of guarded writes, in history order. */
  readonly writes: Int32Array;
  /** Final records of accepted writes. */
  readonly accepted: Int32Array;
  /** Were the stores looked at in the end? Else nothing is known of what they accepted. */
  readonly isInspected: boolean;
  readonly fields: Required<LockFields>;
  readonly anomalies: AnomalyList;
  readonly order: WriteOrder;
}

/** What was looked at on one resource. */
export interface ResourceFindings {
  compared: number;
  /** Why something cannot be decided; null where all can. */
  unclear: string | null;
}

/** All writes of one lock, token, acquisition and value: what cannot be told apart. Rows; −1 where there is none. */
interface SameWrites extends Omit<AcceptedWrite, "row"> {
  acknowledged: number;
  refused: number;
  unknown: number;
  record: number;
}

/** What a resource accepted, held against what clients were told, and its order against that of the holders. */
export function checkResource(task: ResourceTask): ResourceFindings {
  const findings: ResourceFindings = { compared: 0, unclear: null };
  if (task.isInspected) {
    compareWithStore(task, findings);
    checkStoreOrder(task, findings);
  } else checkAnswerOrder(task, findings);
  return findings;
}

function compareWithStore(task: ResourceTask, findings: ResourceFindings): void {
  const { history, writes, accepted, resource, anomalies } = task;
  const known = new Map<ReturnType<typeof identityOf>, SameWrites[]>();
  for (const row of writes) {
    const same = sameWrites(task, known, row);
    const mate = history.mate[row]!;
    if (mate < 0) same.unknown = row;
    else if (history.type[mate] === OK) same.acknowledged = mate;
    else if (history.type[mate] === FAIL) same.refused = mate;
    else same.unknown = mate;
    if (mate >= 0) findings.compared++;
  }
  for (const row of accepted) {
    const same = sameWrites(task, known, row);
    if (same.record < 0) same.record = row;
  }
  for (const list of known.values()) {
    for (const { acknowledged, refused, unknown, record } of list) {
      if (acknowledged >= 0 && record < 0) {
        const proof = () =>
          `${sessionName(history, acknowledged)} was told that its write of ${keyName(history, resource)} was accepted ` +
          `(${operationName(history, acknowledged)}), but the store has accepted no such write`;
        anomalies.add({ type: "acknowledged-write-missing", key: resource, rows: [acknowledged], proof });
      } else if (record >= 0 && acknowledged < 0 && unknown < 0) {
        addUnexpected(task, record, refused);
      }
    }
  }
}

function addUnexpected(
  { history, resource, anomalies }: ResourceTask,
  record: number,
  refused: number,
): void {
  const stored = () =>
    `the store has accepted the write ${valueText(history.value[record])} of ${keyName(history, resource)} ` +
    `(${operationName(history, record)})`;
  if (refused < 0) {
    const proof = () => `${stored()}, but nobody asked for it`;
    anomalies.add({ type: "unattempted-write-stored", key: resource, rows: [record], proof });
    return;
  }
  const proof = () =>
    `${sessionName(history, refused)} was told that its write was refused (${operationName(history, refused)}), ` +
    `but ${stored()}`;
  anomalies.add({ type: "refused-write-stored", key: resource, rows: [refused, record], proof });
}

function sameWrites(
  task: ResourceTask,
  known: Map<ReturnType<typeof identityOf>, SameWrites[]>,
  row: number,
): SameWrites {
  const { lock, token, acquisition } = writeOf(task, row);
  const identity = identityOf(fieldOf(task.history.value[row], task.fields.value) ?? null);
  let list = known.get(identity);
  if (list === undefined) {
    list = [];
    known.set(identity, list);
  }
  let same = list.find(
    (other) =>
      other.lock === lock && Object.is(other.token, token) && Object.is(other.acquisition, acquisition),
  );
  if (same === undefined) {
    same = { lock, token, acquisition, acknowledged: -1, refused: -1, unknown: -1, record: -1 };
    list.push(same);
  }
  return same;
}

function writeOf({ history, fields }: ResourceTask, row: number): AcceptedWrite {
  const value = history.value[row];
  const lock = fieldOf(value, fields.lock);
  return {
    row,
    lock: typeof lock === "string" ? lock : "",
    token: numberOf(value, fields.token),
    acquisition: numberOf(value, fields.acquisition),
  };
}

/** The store's own order. */
function checkStoreOrder(task: ResourceTask, findings: ResourceFindings): void {
  const { history, accepted, fields } = task;
  const positions = Float64Array.from(accepted, (row) => numberOf(history.value[row], fields.order));
  const sequence = Int32Array.from(accepted, (_, at) => at);
  if (!isRising(positions)) sequence.sort((a, b) => positions[a]! - positions[b]! || a - b);
  for (let at = 0; at < sequence.length; at++) {
    const row = accepted[sequence[at]!]!;
    const position = positions[sequence[at]!]!;
    if (Number.isNaN(position) || (at > 0 && position === positions[sequence[at - 1]!])) {
      const what = Number.isNaN(position) ? "has no place in" : "shares its place with another write in";
      findings.unclear ??= `${operationName(history, row)} ${what} the order of accepted writes`;
      return;
    }
  }
  for (const at of sequence) {
    const write = writeOf(task, accepted[at]!);
    noteUnplaced(task, write, findings);
    task.order.check(write);
    task.order.add(write);
    findings.compared++;
  }
}

function isRising(positions: Float64Array): boolean {
  for (let at = 1; at < positions.length; at++) {
    if (!(positions[at]! > positions[at - 1]!)) return false;
  }
  return true;
}

/** The order of acknowledged writes in real time: all that is known where nobody asked the store. */
function checkAnswerOrder(task: ResourceTask, findings: ResourceFindings): void {
  const { history, writes, order } = task;
  const underWay = new CompletionQueue<AcceptedWrite>();
  for (const row of writes) {
    const mate = history.mate[row]!;
    if (mate < 0 || history.type[mate] !== OK) continue;
    for (let done = underWay.popBefore(row); done !== undefined; done = underWay.popBefore(row)) {
      order.add(done);
    }
    const write = { ...writeOf(task, row), row: mate };
    noteUnplaced(task, write, findings);
    order.check(write);
    underWay.push(mate, write);
    findings.compared++;
  }
}

function noteUnplaced({ history }: ResourceTask, write: AcceptedWrite, findings: ResourceFindings): void {
  if (write.lock === "") {
    findings.unclear ??= `${operationName(history, write.row)} does not say under which lock it was made`;
  } else if (Number.isNaN(write.token) && Number.isNaN(write.acquisition)) {
    findings.unclear ??= `${operationName(history, write.row)} names neither a token nor an acquisition`;
  }
}
