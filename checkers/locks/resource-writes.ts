import { CompletionQueue } from "../history/completion-queue.ts";
import { keyName, operationName, sessionName, valueText } from "../history/describe-operation.ts";
import { FAIL, OK } from "../history/history.ts";
import { numberOf } from "./collect-acquisitions.ts";
import { pairsOff } from "./pairs-off.ts";
import type { ResourceTask } from "./resource-task.ts";
import { SameWrites, writeOf } from "./same-writes.ts";
import type { AcceptedWrite } from "./write-order.ts";

/** What was looked at on one resource. */
export interface ResourceFindings {
  compared: number;
  /** Why something cannot be decided; null where all can. */
  unclear: string | null;
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
  for (let at = 0; at < writes.length; at++) if (history.mate[writes[at]!]! >= 0) findings.compared++;
  if (pairsOff(task)) return;
  const known = new SameWrites(task, writes.length + accepted.length);
  for (let at = 0; at < writes.length; at++) {
    const row = writes[at]!;
    const same = known.of(row);
    const mate = history.mate[row]!;
    if (mate < 0) known.unknown[same] = row;
    else if (history.type[mate] === OK) known.acknowledged[same] = mate;
    else if (history.type[mate] === FAIL) known.refused[same] = mate;
    else known.unknown[same] = mate;
  }
  for (let at = 0; at < accepted.length; at++) {
    const same = known.of(accepted[at]!);
    if (known.record[same]! < 0) known.record[same] = accepted[at]!;
  }
  for (let same = 0; same < known.count; same++) {
    const acknowledged = known.acknowledged[same]!;
    const record = known.record[same]!;
    if (acknowledged >= 0 && record < 0) {
      const proof = () =>
        `${sessionName(history, acknowledged)} was told that its write of ${keyName(history, resource)} was accepted ` +
        `(${operationName(history, acknowledged)}), but the store has accepted no such write`;
      anomalies.add({ type: "acknowledged-write-missing", key: resource, rows: [acknowledged], proof });
    } else if (record >= 0 && acknowledged < 0 && known.unknown[same]! < 0) {
      addUnexpected(task, record, known.refused[same]!);
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

/** The store's own order. */
function checkStoreOrder(task: ResourceTask, findings: ResourceFindings): void {
  const { history, accepted, fields } = task;
  const positions = new Float64Array(accepted.length);
  const sequence = new Int32Array(accepted.length);
  for (let at = 0; at < accepted.length; at++) {
    positions[at] = numberOf(history.value[accepted[at]!], fields.order);
    sequence[at] = at;
  }
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
  for (let at = 0; at < sequence.length; at++) {
    const write = writeOf(task, accepted[sequence[at]!]!);
    noteUnplaced(task, write, findings);
    task.granted.check(task.resource, write, task.anomalies);
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
    const write = writeOf(task, row, mate);
    noteUnplaced(task, write, findings);
    task.granted.check(task.resource, write, task.anomalies);
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
