import type { RegisterValues } from "../entity/register-values.ts";
import { CompletionQueue } from "../history/completion-queue.ts";
import { sessionName } from "../history/describe-operation.ts";
import { OK } from "../history/history.ts";
import type { SessionCalls } from "./session-guarantee.ts";
import type { SessionTask } from "./session-task.ts";
import type { OrderEdge } from "./value-order.ts";

/** Most calls of one kind of one session that overlap; each is compared with each later call. */
const overlapMax = 64;

/** A call of a session with the value that it read or wrote. */
interface SessionCall {
  readonly value: number;
  readonly completion: number;
  /** The session's last calls of this kind when this one was sent. */
  readonly after: readonly SessionCall[];
}

/** What a session has been told on one key. */
interface ToldValues {
  /** Calls that no later one of the session follows. Replaced, never changed. */
  last: readonly SessionCall[];
  /** Calls that were not yet completed when the last call was made. */
  readonly underWay: CompletionQueue<SessionCall>;
}

/** A read of the value at the start although the session knew of a later one. */
export interface ReadOfStart {
  /** Completion of the call that told the session of a later value. */
  readonly toldBy: number;
  /** Completion of the read. */
  readonly read: number;
}

/** What the calls of sessions on one register say of the order of its values. */
export interface SessionEdges {
  readonly edges: OrderEdge[];
  readonly readsOfStart: ReadOfStart[];
  /** Calls that were compared with an earlier one of their session. */
  compared: number;
  /** Why the register cannot be decided; null where it can. */
  unclear: string | null;
}

/**
 * The order of values that sessions claim: each of a session's calls of the kind `earlier` comes before those
 * of its calls of the kinds `earlier` and `later` that were sent after the answer to it. A `cas` reads its old value and
 * writes its new one. Linear; `overlapMax` times that where all calls of a session overlap.
 */
export function sessionEdges(
  task: SessionTask,
  values: RegisterValues,
  earlier: SessionCalls,
  later: SessionCalls,
): SessionEdges {
  const { history, rows } = task;
  const found: SessionEdges = { edges: [], readsOfStart: [], compared: 0, unclear: null };
  const sessions = new Map<number, ToldValues>();
  const firsts = earlier === "writes" ? values.stored : values.seen;
  const lasts = later === "writes" ? values.stored : values.seen;
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at]!;
    const mate = history.mate[row]!;
    if (mate < 0 || history.type[mate] !== OK) continue;
    const first = firsts[at]!;
    const last = lasts[at]!;
    if (first < 0 && last < 0) continue;
    const told = toldIn(sessions, history.session[row]!);
    settle(told, row, values, found);
    if (told.last.length > overlapMax) {
      found.unclear = `more than ${overlapMax} ${wordOf(earlier)} of ${sessionName(history, row)} overlap`;
      return found;
    }
    if (last >= 0 && told.last.length > 0) {
      found.compared++;
      // Calls of one kind are ordered when the later one is done.
      if (earlier !== later) for (const call of told.last) addEdge(call, last, mate, values, found);
    }
    if (first >= 0) told.underWay.push(mate, { value: first, completion: mate, after: told.last });
  }
  for (const told of sessions.values()) settle(told, history.length, values, found);
  return found;
}

function wordOf(calls: SessionCalls): string {
  return calls === "writes" ? "acknowledged writes" : "reads";
}

function toldIn(sessions: Map<number, ToldValues>, session: number): ToldValues {
  let told = sessions.get(session);
  if (told === undefined) {
    told = { last: [], underWay: new CompletionQueue() };
    sessions.set(session, told);
  }
  return told;
}

/** Takes over the calls that were completed before `row`. */
function settle(told: ToldValues, row: number, values: RegisterValues, found: SessionEdges): void {
  for (let done = told.underWay.popBefore(row); done !== undefined; done = told.underWay.popBefore(row)) {
    const { after, value, completion } = done;
    for (const call of after) addEdge(call, value, completion, values, found);
    told.last = told.last === after ? [done] : [...told.last.filter((call) => !after.includes(call)), done];
  }
}

function addEdge(
  call: SessionCall,
  after: number,
  because: number,
  values: RegisterValues,
  found: SessionEdges,
): void {
  if (call.value === after) return;
  if (values.isInitial(after)) found.readsOfStart.push({ toldBy: call.completion, read: because });
  else if (!values.isInitial(call.value)) found.edges.push({ before: call.value, after, because });
}
