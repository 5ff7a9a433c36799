import type { History } from "../history/history.ts";
import { fieldOf } from "../history/json-value.ts";
import type { Json } from "../history/operation.ts";

/** A read model as a function of events. Must be pure, and must not change what it is given. */
export interface ProjectionFold {
  /** The state of an entity before its first event, and after it was removed; null: nothing is there. */
  readonly init: Json;
  /** The state after an event; `event` is the whole value of its final record. */
  readonly apply: (state: Json, event: Json, entity: string) => Json;
}

/** The events of a log, and those of each entity in their order; see `ProjectedLog`. */
interface LoggedEvents {
  readonly count: number;
  readonly row: Int32Array;
  readonly events: Int32Array;
  readonly starts: Int32Array;
}

/** The state that the final record of an event says itself: `put`, or nothing after `remove`; undefined where it says none. */
export function statedAfter(history: History, row: number): Json | undefined {
  const value = history.value[row];
  const put = fieldOf(value, "put");
  if (put !== undefined) return put;
  return fieldOf(value, "remove") === true ? null : undefined;
}

/** By event: the state of its entity after it, its own or folded from the one before. Linear in the events. */
export function foldedStates(
  history: History,
  log: LoggedEvents,
  { init, apply }: ProjectionFold,
): readonly Json[] {
  const states = new Array<Json>(log.count).fill(null);
  for (let key = 0; key + 1 < log.starts.length; key++) {
    let state: Json = null;
    for (let at = log.starts[key]!; at < log.starts[key + 1]!; at++) {
      const event = log.events[at]!;
      const row = log.row[event]!;
      const stated = statedAfter(history, row);
      state =
        stated === undefined ? apply(state ?? init, history.value[row] ?? null, history.keys[key]!) : stated;
      states[event] = state;
    }
  }
  return states;
}
