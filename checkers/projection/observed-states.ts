import { CompletionQueue } from "../history/completion-queue.ts";
import { keyName, operationName, sessionName, valueText } from "../history/describe-operation.ts";
import { functionRoles } from "../history/function-roles.ts";
import { OK } from "../history/history.ts";
import { rowsByKey } from "../history/rows-by-key.ts";
import type { EntityStates } from "./entity-states.ts";
import type { LagMeter } from "./lag-meter.ts";
import { eventText } from "./projected-log.ts";
import type { ProjectionTask } from "./projection-task.ts";

/** How far a session has seen an entity. */
interface Seen {
  /** Number of the state that it was shown at least, and the read that showed it; −1. */
  number: number;
  by: number;
  /** Reads that were not yet completed when the last one was sent. */
  readonly underWay: CompletionQueue<{ readonly number: number; readonly read: number }>;
}

/** What reads were compared. */
export interface ObservedStates {
  compared: number;
  finalReads: number;
}

/**
 * Holds each read of an entity against the states that the log gives it: it shows one of them, and no session
 * goes back. Each read is taken for the earliest state that it can be, which leaves most room for the reads after
 * it. A final read shows the last state. Linear but for long logs in which states are far apart: then n log n.
 */
export function checkObservedStates(task: ProjectionTask, lag: LagMeter): ObservedStates {
  const { history, options } = task;
  const roles = functionRoles(history, [options.functions?.read ?? "read"]);
  const grouped = rowsByKey(history, roles);
  const found: ObservedStates = { compared: 0, finalReads: 0 };
  for (const [at, key] of grouped.keys.entries()) {
    if (!task.isEntity(key)) continue;
    const states = task.statesOf(key);
    const sessions = new Map<number, Seen>();
    let shownBefore = 0;
    for (let place = grouped.starts[at]!; place < grouped.starts[at + 1]!; place++) {
      const row = grouped.rows[place]!;
      const read = history.mate[row]!;
      if (read < 0 || history.type[read] !== OK) continue;
      found.compared++;
      const seen = seenBy(sessions, sessionOf(task, read));
      settle(seen, row);
      const number = judgeRead(task, states, seen, read);
      if (number < 0) continue;
      if (history.final[read] === 1) {
        found.finalReads++;
        judgeFinalRead(task, states, read);
      }
      seen.underWay.push(read, { number, read });
      for (; shownBefore < number; shownBefore++) lag.shown(states.eventOf(shownBefore + 1), read);
      measureAbsence(task, states, lag, number, row, read);
    }
  }
  return found;
}

/** A session that reads an entity from two services may find them at different states. */
function sessionOf({ history, options }: ProjectionTask, read: number): number {
  const session = options.acrossSessions === true ? 0 : history.session[read]!;
  return session * (history.nodes.length + 1) + history.node[read]! + 1;
}

function seenBy(sessions: Map<number, Seen>, session: number): Seen {
  let seen = sessions.get(session);
  if (seen === undefined) {
    seen = { number: 0, by: -1, underWay: new CompletionQueue() };
    sessions.set(session, seen);
  }
  return seen;
}

/** Takes over the reads that were completed before `row`. */
function settle(seen: Seen, row: number): void {
  for (let done = seen.underWay.popBefore(row); done !== undefined; done = seen.underWay.popBefore(row)) {
    if (done.number <= seen.number) continue;
    seen.number = done.number;
    seen.by = done.read;
  }
}

/** The number of the state that a read shows; −1 where it shows none that it may. */
function judgeRead(task: ProjectionTask, states: EntityStates, seen: Seen, read: number): number {
  const { history, log, anomalies } = task;
  const state = history.value[read] ?? null;
  const number = states.first(state, seen.number);
  if (number >= 0) return number;
  const key = history.key[read]!;
  const shows = () =>
    `${sessionName(history, read)} was shown ${valueText(state)} for ${keyName(history, key)} ` +
    `(${operationName(history, read)})`;
  const older = states.lastOf(state);
  if (older < 0) {
    const proof = () => `${shows()}, but no prefix of the log gives that state`;
    anomalies.add({ type: "state-off-log", key, rows: [read], proof });
    return -1;
  }
  const by = seen.by;
  const known = seen.number;
  const proof = () =>
    `${shows()}, which was so only before ${eventText(history, log, states.eventOf(older + 1))}, but ` +
    `${sessionName(history, by)} had been shown ${valueText(states.at(known))} before (${operationName(history, by)})`;
  anomalies.add({ type: "state-went-back", key, rows: [by, read], proof });
  return -1;
}

/** Once all is quiet a read shows the state that the log ends with. */
function judgeFinalRead(
  { history, log, anomalies }: ProjectionTask,
  states: EntityStates,
  read: number,
): void {
  const state = history.value[read] ?? null;
  const reached = states.lastOf(state);
  if (reached === states.last) return;
  const key = history.key[read]!;
  const absent = states.eventOf(reached + 1);
  const proof = () =>
    `once all was quiet ${sessionName(history, read)} was shown ${valueText(state)} for ${keyName(history, key)} ` +
    `(${operationName(history, read)}), but the log ends with ${valueText(states.at(states.last))}; the first event ` +
    `whose effect is absent is ${eventText(history, log, absent)}`;
  anomalies.add({ type: "not-converged", key, rows: [log.row[absent]!, read], proof });
}

/** The first event whose effect a read certainly does not show. Asked only where the read may be behind. */
function measureAbsence(
  { history, log }: ProjectionTask,
  states: EntityStates,
  lag: LagMeter,
  number: number,
  sent: number,
  read: number,
): void {
  if (number >= states.last) return;
  const next = log.live[states.eventOf(number + 1)]!;
  if (next < 0 || next > sent) return;
  const latest = states.lastOf(history.value[read] ?? null);
  if (latest < states.last) lag.absent(states.eventOf(latest + 1), sent, read);
}
