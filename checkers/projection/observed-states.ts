import { keyName, operationName, sessionName, valueText } from "../history/describe-operation.ts";
import { collectReads } from "./entity-reads.ts";
import type { EntityStates } from "./entity-states.ts";
import type { LagMeter } from "./lag-meter.ts";
import type { MismatchCauses } from "./mismatch-causes.ts";
import { eventText } from "./projected-log.ts";
import type { ProjectionTask } from "./projection-task.ts";
import { SeenStates } from "./seen-states.ts";

/** What reads were compared. */
export interface ObservedStates {
  compared: number;
  finalReads: number;
}

/**
 * Holds each read of an entity against the states that the log gives it: it shows one of them, and no session
 * goes back. Each read is taken for the earliest state that it can be, which leaves most room for the reads after
 * it. A final read shows the last state. Linear; logarithmic in how often an entity comes back to one state.
 */
export function checkObservedStates(
  task: ProjectionTask,
  lag: LagMeter,
  causes: MismatchCauses,
): ObservedStates {
  const { history } = task;
  const reads = collectReads(task);
  const found: ObservedStates = { compared: 0, finalReads: 0 };
  const seen = new SeenStates();
  for (let key = 0; key < history.keys.length; key++) {
    const [start, end] = [reads.starts[key]!, reads.starts[key + 1]!];
    if (start === end) continue;
    const states = task.statesOf(key);
    seen.startEntity();
    let shownBefore = 0;
    let isExplained = false;
    found.compared += end - start;
    for (let at = start; at < end; at++) {
      const sent = reads.sent[at]!;
      const read = reads.answer[at]!;
      const slot = seen.slotOf(reads.session[at]!, sent);
      const state = reads.state[at]!;
      const number = judgeRead(task, states, seen, slot, read, state);
      if (number < 0) {
        // One read for each entity: to look for a cause goes through all that was applied to it.
        if (!isExplained) explain(task, states, causes, read, state);
        isExplained = true;
        continue;
      }
      if (history.final[read] === 1) {
        found.finalReads++;
        judgeFinalRead(task, states, read, state);
      }
      seen.show(slot, number, read);
      for (; shownBefore < number; shownBefore++) lag.shown(states.eventOf(shownBefore + 1), read);
      measureAbsence(task, states, lag, number, sent, read, state);
    }
  }
  return found;
}

function explain(
  { history }: ProjectionTask,
  states: EntityStates,
  causes: MismatchCauses,
  read: number,
  state: number,
): void {
  const key = history.key[read]!;
  const shown = history.value[read] ?? null;
  const node = causes.projectionOf(history.node[read]!, key);
  causes.explain({ node, key, row: read, shown, reached: states.lastOf(state), until: read });
}

/** The number of the state that a read shows; −1 where it shows none that it may. */
function judgeRead(
  task: ProjectionTask,
  states: EntityStates,
  seen: SeenStates,
  slot: number,
  read: number,
  state: number,
): number {
  const { history, log, anomalies } = task;
  const number = states.first(state, seen.numberOf(slot));
  if (number >= 0) return number;
  const key = history.key[read]!;
  const shows = () =>
    `${sessionName(history, read)} was shown ${valueText(history.value[read] ?? null)} for ${keyName(history, key)} ` +
    `(${operationName(history, read)})`;
  const older = states.lastOf(state);
  if (older < 0) {
    const proof = () => `${shows()}, but no prefix of the log gives that state`;
    anomalies.add({ type: "state-off-log", key, rows: [read], proof });
    return -1;
  }
  const by = seen.shownBy(slot);
  const known = seen.numberOf(slot);
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
  state: number,
): void {
  const reached = states.lastOf(state);
  if (reached === states.last) return;
  const key = history.key[read]!;
  const absent = states.eventOf(reached + 1);
  const proof = () =>
    `once all was quiet ${sessionName(history, read)} was shown ${valueText(history.value[read] ?? null)} for ${keyName(history, key)} ` +
    `(${operationName(history, read)}), but the log ends with ${valueText(states.at(states.last))}; the first event ` +
    `whose effect is absent is ${eventText(history, log, absent)}`;
  anomalies.add({ type: "not-converged", key, rows: [log.row[absent]!, read], proof });
}

/** The first event whose effect a read certainly does not show. Asked only where the read may be behind. */
function measureAbsence(
  { log }: ProjectionTask,
  states: EntityStates,
  lag: LagMeter,
  number: number,
  sent: number,
  read: number,
  state: number,
): void {
  if (number >= states.last) return;
  const next = log.live[states.eventOf(number + 1)]!;
  if (next < 0 || next > sent) return;
  const latest = states.lastOf(state);
  if (latest < states.last) lag.absent(states.eventOf(latest + 1), sent, read);
}
