import { functionRoles } from "../history/function-roles.ts";
import { INVOKE, OK } from "../history/history.ts";
import { isSameJson } from "../history/json-value.ts";
import type { Json } from "../history/operation.ts";
import type { ProjectionTask } from "./projection-task.ts";

/** The reads of the entities of a log that were answered, entity by entity, in columns. */
export interface EntityReads {
  /** Of the entity with key `k` those from `starts[k]` up to `starts[k + 1]`, in the order in which they were sent. */
  readonly starts: Int32Array;
  /** Row at which it was sent. */
  readonly sent: Int32Array;
  /** Row of the answer. */
  readonly answer: Int32Array;
  /** What the index of states calls the state that it shows. */
  readonly state: Int32Array;
  /** Who read what: sessions that read from one node have a number for each node. */
  readonly session: Float64Array;
}

/**
 * Collects reads. Linear; columns are written while the history is gone through in order, so that judging an
 * entity does not hop about in all columns and values of the history.
 */
export function collectReads(task: ProjectionTask): EntityReads {
  const { history, index } = task;
  const starts = new Int32Array(history.keys.length + 1);
  const chosen = chosenReads(task, starts);
  for (let key = 0; key < history.keys.length; key++) starts[key + 1]! += starts[key]!;
  const next = starts.slice();
  const sent = new Int32Array(chosen.length);
  const answer = new Int32Array(chosen.length);
  const state = new Int32Array(chosen.length);
  const session = new Float64Array(chosen.length);
  // By key: what was read last, which the next read mostly shows again, and its number.
  const lastShown: (Json | undefined)[] = new Array(history.keys.length).fill(undefined);
  const lastState = new Int32Array(history.keys.length);
  for (let which = 0; which < chosen.length; which++) {
    const row = chosen[which]!;
    const read = history.mate[row]!;
    const key = history.key[row]!;
    const at = next[key]!++;
    sent[at] = row;
    answer[at] = read;
    const shown = history.value[read] ?? null;
    if (!isSameJson(shown, lastShown[key])) {
      lastShown[key] = shown;
      lastState[key] = index.numberOf(key, shown);
    }
    state[at] = lastState[key]!;
    session[at] = sessionOf(task, read);
  }
  return { starts, sent, answer, state, session };
}

/** Rows of the reads in history order; counts them by key, one place further. */
function chosenReads(task: ProjectionTask, counts: Int32Array): Int32Array {
  const { history, options } = task;
  const { type, mate, f, key, length } = history;
  const roles = functionRoles(history, [options.functions?.read ?? "read"]);
  const chosen = new Int32Array(length);
  let count = 0;
  for (let row = 0; row < length; row++) {
    if (type[row] !== INVOKE || roles[f[row]!]! < 0) continue;
    const answer = mate[row]!;
    if (answer < 0 || type[answer] !== OK || !task.isEntity(key[row]!)) continue;
    counts[key[row]! + 1]!++;
    chosen[count++] = row;
  }
  return chosen.subarray(0, count);
}

/** A session that reads an entity from two services may find them at different states. */
function sessionOf({ history, options }: ProjectionTask, read: number): number {
  const session = options.acrossSessions === true ? 0 : history.session[read]!;
  return session * (history.nodes.length + 1) + history.node[read]! + 1;
}
