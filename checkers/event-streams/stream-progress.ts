import { type History, INVOKE, OK, RECORD } from "../history/history.ts";
import { fieldOf } from "../history/json-value.ts";
import type { AppendedNumbers } from "./appended-numbers.ts";
import { streamRoles } from "./event-stream-options.ts";
import type { StreamTask } from "./event-stream-task.ts";
import type { StreamLogs } from "./stream-log.ts";
import type { StreamRecords } from "./stream-records.ts";

/**
 * What was known of the length of a stream when somebody asked to append to it, or to read its past: the highest
 * version that was certainly there, and the row that shows it.
 */
export class StreamProgress {
  /** By row of an invocation: the entry that was the last one of its stream then, plus 1; 0 for none. */
  readonly #before: Uint32Array;
  readonly #versions: number[] = [];
  readonly #rows: number[] = [];
  /** By stream: its last entry, plus 1; 0 for none. */
  readonly #last: Uint32Array;
  /** By stream: the version of that. */
  readonly #highest: Float64Array;

  constructor({ length, keys }: History) {
    this.#before = new Uint32Array(length);
    this.#last = new Uint32Array(keys.length);
    this.#highest = new Float64Array(keys.length);
  }

  /** In history order: a version that was there at `row`. */
  add(stream: number, version: number, row: number): void {
    if (version <= this.#highest[stream]!) return;
    this.#highest[stream] = version;
    this.#versions.push(version);
    this.#rows.push(row);
    this.#last[stream] = this.#rows.length;
  }

  /** In history order: somebody will want to know what was known of a stream before `row`. */
  mark(stream: number, row: number): void {
    this.#before[row] = this.#last[stream]!;
  }

  /** The highest version that had certainly been there before a row that was marked; 0 where none was known. */
  versionBefore(row: number): number {
    const entry = this.#before[row]!;
    return entry === 0 ? 0 : this.#versions[entry - 1]!;
  }

  /** The row that shows it; −1 where nothing was known. */
  rowBefore(row: number): number {
    const entry = this.#before[row]!;
    return entry === 0 ? -1 : this.#rows[entry - 1]!;
  }
}

/**
 * Collects when each version of a stream is first known to be there: by a record of its event or of a compaction, by
 * a read, by the acknowledgement of an append whose events the final log has. Linear.
 */
export function collectProgress(
  { history, roles, fields }: StreamTask,
  { byKey, table, places }: StreamLogs,
  { rows, versions }: StreamRecords,
  { starts, numbers }: AppendedNumbers,
): StreamProgress {
  const progress = new StreamProgress(history);
  let record = 0;
  for (let row = 0; row < history.length; row++) {
    const role = roles[history.f[row]!]!;
    const key = history.key[row]!;
    if (role < 0 || key < 0) continue;
    const log = byKey[key];
    if (log === undefined) continue;
    const type = history.type[row];
    if (type === RECORD) {
      if (row !== rows[record]) continue;
      progress.add(key, versions[record++]!, row);
    } else if (type === INVOKE) {
      if (role === streamRoles.append || role === streamRoles.readAt) progress.mark(key, row);
    } else if (type === OK && role === streamRoles.read) {
      const version = fieldOf(history.value[row], fields.version);
      // What a read shows and the stream never had is told as such, and shows nothing else.
      if (typeof version === "number" && table.finalRow(key, version) >= 0) progress.add(key, version, row);
    } else if (type === OK && role === streamRoles.append) {
      const start = starts[history.mate[row]!]!;
      if (start < 0) continue;
      for (let at = start + 1, end = at + numbers[start]!; at < end; at++) {
        const version = places.placeOf(numbers[at]!);
        if (version > 0) progress.add(key, version, row);
      }
    }
  }
  return progress;
}
