import type { AnomalyList } from "../anomaly-list.ts";
import { RegisterValues } from "../entity/register-values.ts";
import { CompletionQueue } from "../history/completion-queue.ts";
import { keyName, operationName, sessionName, valueText } from "../history/describe-operation.ts";
import { type History, OK } from "../history/history.ts";
import type { Json } from "../history/operation.ts";
import type { SessionFindings, SessionTask } from "./session-task.ts";
import { contradiction, type OrderEdge } from "./value-order.ts";

/** Most acknowledged writes of one session that overlap; each is compared with each read. */
const overlapMax = 64;

/** An acknowledged write of a session. */
interface OwnWrite {
  readonly value: number;
  readonly completion: number;
  /** The session's last acknowledged writes when this one was sent. */
  readonly after: readonly OwnWrite[];
}

/** What a session has been told of its own writes on one key. */
interface OwnWrites {
  /** Acknowledged writes that no later one of the session follows. Replaced, never changed. */
  last: readonly OwnWrite[];
  /** Acknowledged writes that were not yet completed when the last call was made. */
  readonly underWay: CompletionQueue<OwnWrite>;
}

/**
 * On a register whose written values are unique: is there an order of its values, the value at the start
 * first, in which each session's writes follow each other, each read of a session is at or after its last
 * acknowledged write, and each `cas` leads from its old to its new value? Linear.
 */
export function checkRegisterSessions(task: SessionTask): SessionFindings {
  const { history, key, rows, roles, anomalies } = task;
  const values = new RegisterValues(history, rows, roles);
  const findings: SessionFindings = { compared: 0, unclear: values.ambiguity() };
  if (findings.unclear !== null) return findings;
  const sessions = new Map<number, OwnWrites>();
  const edges: OrderEdge[] = [];
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at]!;
    const mate = history.mate[row]!;
    if (mate < 0 || history.type[mate] !== OK) continue;
    const own = ownWritesOf(sessions, history.session[row]!);
    settle(own, row, edges);
    if (own.last.length > overlapMax) {
      findings.unclear = `more than ${overlapMax} acknowledged writes of ${sessionName(history, row)} overlap`;
      return findings;
    }
    const seen = values.seen[at]!;
    const stored = values.stored[at]!;
    if (seen >= 0) {
      if (own.last.length > 0) findings.compared++;
      for (const write of own.last) {
        if (write.value === seen) continue;
        if (values.isInitial(seen)) addInitialRead(history, key, write, mate, anomalies);
        else edges.push({ before: write.value, after: seen, because: mate });
      }
      if (stored >= 0 && stored !== seen) edges.push({ before: seen, after: stored, because: mate });
    }
    if (stored >= 0) own.underWay.push(mate, { value: stored, completion: mate, after: own.last });
  }
  for (const own of sessions.values()) settle(own, history.length, edges);
  addContradiction(history, key, values, edges, anomalies);
  return findings;
}

function ownWritesOf(sessions: Map<number, OwnWrites>, session: number): OwnWrites {
  let own = sessions.get(session);
  if (own === undefined) {
    own = { last: [], underWay: new CompletionQueue() };
    sessions.set(session, own);
  }
  return own;
}

/** Takes over the writes that were completed before `row`. */
function settle(own: OwnWrites, row: number, edges: OrderEdge[]): void {
  for (let done = own.underWay.popBefore(row); done !== undefined; done = own.underWay.popBefore(row)) {
    const { after, value, completion } = done;
    for (const last of after) {
      if (last.value !== value) edges.push({ before: last.value, after: value, because: completion });
    }
    own.last = [...own.last.filter((last) => !after.includes(last)), done];
  }
}

function addInitialRead(
  history: History,
  key: number,
  write: OwnWrite,
  read: number,
  anomalies: AnomalyList,
): void {
  const proof = () =>
    `${sessionName(history, read)} was told that its write of ${keyName(history, key)} is stored ` +
    `(${operationName(history, write.completion)}), but when it read afterwards it got ` +
    `${valueText(history.value[read])}, which was there before any write (${operationName(history, read)})`;
  anomalies.add({ type: "own-write-not-seen", key, rows: [write.completion, read], proof });
}

function addContradiction(
  history: History,
  key: number,
  values: RegisterValues,
  edges: readonly OrderEdge[],
  anomalies: AnomalyList,
): void {
  const cycle = contradiction(values.count, edges);
  if (cycle === null) return;
  const [first, ...others] = cycle.map(({ because }) => because);
  const text = (value: number): string => valueText(values.valueOf(value) as Json);
  const proof = () =>
    `no order of the values of ${keyName(history, key)} explains what sessions saw after their own writes: ` +
    cycle
      .map(
        ({ before, after, because }) =>
          `${text(before)} came before ${text(after)}, as ${sessionName(history, because)} showed ` +
          `(${operationName(history, because)})`,
      )
      .join("; ");
  anomalies.add({ type: "own-writes-contradict", key, rows: [first!, ...others], proof });
}
