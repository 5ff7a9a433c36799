import { functionRoles } from "../history/function-roles.ts";
import { INVOKE, OK } from "../history/history.ts";
import type { ProjectionTask } from "./projection-task.ts";

/** The reads of the entities of a log that were answered, entity by entity, in columns. */
export interface EntityReads {
  /** Of the entity with key `k` those from `starts[k]` up to `starts[k + 1]`, in the order in which they were sent. */
  readonly starts: Int32Array;
  /** Row at which it was sent. */
  readonly sent: Int32Array;
  /** Row of the answer. */
  readonly answer: Int32Array;
  /** Who read what: sessions that read from one node have a number for each node. */
  readonly session: Float64Array;
}

/**
 * Collects reads. Linear; columns are written while the history is gone through in order, so that judging an
 * entity does not hop about in all columns of the history.
 */
export function collectReads(task: ProjectionTask): EntityReads {
  const { history, options } = task;
  const roles = functionRoles(history, [options.functions?.read ?? "read"]);
  const isChosen = (row: number): boolean => {
    if (history.type[row] !== INVOKE || roles[history.f[row]!]! < 0) return false;
    const answer = history.mate[row]!;
    return answer >= 0 && history.type[answer] === OK && task.isEntity(history.key[row]!);
  };
  const starts = new Int32Array(history.keys.length + 1);
  for (let row = 0; row < history.length; row++) if (isChosen(row)) starts[history.key[row]! + 1]!++;
  for (let key = 0; key < history.keys.length; key++) starts[key + 1]! += starts[key]!;
  const next = starts.slice();
  const count = starts[history.keys.length]!;
  const sent = new Int32Array(count);
  const answer = new Int32Array(count);
  const session = new Float64Array(count);
  for (let row = 0; row < history.length; row++) {
    if (!isChosen(row)) continue;
    const at = next[history.key[row]!]!++;
    sent[at] = row;
    answer[at] = history.mate[row]!;
    session[at] = sessionOf(task, history.mate[row]!);
  }
  return { starts, sent, answer, session };
}

/** A session that reads an entity from two services may find them at different states. */
function sessionOf({ history, options }: ProjectionTask, read: number): number {
  const session = options.acrossSessions === true ? 0 : history.session[read]!;
  return session * (history.nodes.length + 1) + history.node[read]! + 1;
}
