import { RECORD } from "../history/history.ts";
import { fieldOf } from "../history/json-value.ts";
import { streamRoles } from "./event-stream-options.ts";
import type { StreamTask } from "./event-stream-task.ts";
import type { StreamSizes } from "./version-table.ts";

/** The records of events and of compactions, in history order, and how many each stream has. */
export interface StreamRecords extends StreamSizes {
  readonly rows: Int32Array;
  /** The version that each names; −1 where it names none. */
  readonly versions: Float64Array;
}

/** Reads which versions records name, before anything is held against them. Linear. */
export function readStreamRecords(task: StreamTask): StreamRecords {
  const { history, roles } = task;
  const isRecord = (row: number): boolean => {
    if (history.type[row] !== RECORD) return false;
    const role = roles[history.f[row]!];
    return role === streamRoles.event || role === streamRoles.compacted;
  };
  let count = 0;
  for (let row = 0; row < history.length; row++) if (isRecord(row)) count++;
  const rows = new Int32Array(count);
  const versions = new Float64Array(count);
  const counts = new Int32Array(history.keys.length);
  const highest = new Float64Array(history.keys.length);
  for (let row = 0, at = 0; row < history.length; row++) {
    if (!isRecord(row)) continue;
    const isEvent = roles[history.f[row]!] === streamRoles.event;
    const version = versionOf(
      task,
      row,
      isEvent ? '{"version":1,"event":id,"state":…}' : '{"version":1,"state":…}',
    );
    const key = history.key[row]!;
    counts[key]!++;
    if (isEvent && version > highest[key]!) highest[key] = version;
    rows[at] = row;
    versions[at++] = version;
  }
  return { rows, versions, counts, highest };
}

/** The version that a record or a read names; −1, and a word on it, where it names none. */
export function versionOf(task: StreamTask, row: number, expected: string): number {
  const version = fieldOf(task.history.value[row], task.fields.version);
  if (typeof version === "number" && Number.isSafeInteger(version) && version >= 1) return version;
  task.unreadable.add(row, expected);
  return -1;
}
