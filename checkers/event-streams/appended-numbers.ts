import { FAIL, type History, INVOKE } from "../history/history.ts";
import { fieldOf } from "../history/json-value.ts";
import type { Json } from "../history/operation.ts";
import type { EventPlaces } from "./event-places.ts";
import { streamRoles } from "./event-stream-options.ts";
import type { StreamTask } from "./event-stream-task.ts";
import type { StreamLogs } from "./stream-log.ts";

/** The events that appends asked to store, by their numbers in {@link StreamLogs.places}. */
export interface AppendedNumbers {
  /** By row of an invocation: where its events begin; {@link NO_EVENTS}, {@link NO_LOG}. */
  readonly starts: Int32Array;
  /** From there on: how many, and the number of each, −1 for what the final log does not have. */
  readonly numbers: readonly number[];
  /** By number: 1 for what an append asked to store that did not certainly fail. */
  readonly mayBeStored: Uint8Array;
  /** By number: 1 for what such an append may have stored as it asked, with all its other events. */
  readonly isPlaced: Uint8Array;
}

/** An append that names no events. */
export const NO_EVENTS = -1;
/** An append to a stream that no record shows, and whatever is no append. */
export const NO_LOG = -2;

/** Looks the events of all appends up, once for all. Linear. */
export function numberAppended(task: StreamTask, { byKey, places }: StreamLogs): AppendedNumbers {
  const { history, roles, fields } = task;
  const starts = new Int32Array(history.length).fill(NO_LOG);
  const numbers: number[] = [];
  const mayBeStored = new Uint8Array(places.size);
  const isPlaced = new Uint8Array(places.size);
  for (let row = 0; row < history.length; row++) {
    if (history.type[row] !== INVOKE || roles[history.f[row]!] !== streamRoles.append) continue;
    const asked = history.value[row];
    const events = fieldOf(asked, fields.events);
    const single = Array.isArray(events) ? undefined : fieldOf(asked, fields.event);
    if (!Array.isArray(events) && single === undefined) {
      starts[row] = NO_EVENTS;
      continue;
    }
    const key = history.key[row]!;
    if (key < 0 || byKey[key] === undefined) continue;
    starts[row] = numbers.length;
    if (single !== undefined) numbers.push(1, places.find(key, single));
    else {
      const list = events as readonly Json[];
      numbers.push(list.length);
      for (const event of list) numbers.push(places.find(key, event));
    }
    if (!mayAppend(history, row)) continue;
    const own = numbers.slice(starts[row]! + 1);
    const expected = fieldOf(asked, fields.expected);
    const asAsked = isThereAsAsked(own, expected, places, byKey[key].compactedTo);
    for (const number of own) {
      if (number < 0) continue;
      mayBeStored[number] = 1;
      if (asAsked) isPlaced[number] = 1;
    }
  }
  return { starts, numbers, mayBeStored, isPlaced };
}

/** Are all events of an append there, or gone, one after the other behind the version that was expected? */
function isThereAsAsked(
  own: readonly number[],
  expected: Json | undefined,
  places: EventPlaces,
  compactedTo: number,
): boolean {
  const stored = own.findIndex((number) => number >= 0);
  if (stored < 0) return false;
  const first = places.versionOf(own[stored]!) - stored;
  if (typeof expected === "number" && first !== expected + 1) return false;
  return own.every((number, at) =>
    number < 0 ? first + at <= compactedTo : places.versionOf(number) === first + at,
  );
}

/** The events at the places of {@link AppendedNumbers.numbers}; none where it names none. */
export function eventsAppended(asked: Json | undefined, fields: StreamTask["fields"]): readonly Json[] {
  const given = fieldOf(asked, fields.events);
  if (Array.isArray(given)) return given as readonly Json[];
  const single = fieldOf(asked, fields.event);
  return single === undefined ? [] : [single];
}

/** Is this the invocation of an append that did not certainly fail? */
export function mayAppend(history: History, row: number): boolean {
  const end = history.mate[row]!;
  return end < 0 || history.type[end] !== FAIL;
}
