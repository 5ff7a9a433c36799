import { OK, RECORD } from "../history/history.ts";
import { fieldOf, identityOf } from "../history/json-value.ts";
import type { Json } from "../history/operation.ts";
import { streamRoles } from "./event-stream-options.ts";
import type { StreamTask } from "./event-stream-task.ts";
import type { StreamLog } from "./stream-log.ts";

/** A version of a stream, and the row that shows that it was there by then. */
export interface KnownVersion {
  readonly version: number;
  /** −1 where nothing was known yet; then the version is 0. */
  readonly row: number;
}

const nothing: KnownVersion = { version: 0, row: -1 };

/** What was known of the length of streams in the course of a history. */
export class StreamProgress {
  readonly #known = new Map<StreamLog, KnownVersion[]>();

  /** In history order: something that was there at `row`. */
  add(log: StreamLog, version: number, row: number): void {
    const known = this.#known.get(log);
    if (known === undefined) this.#known.set(log, [{ version, row }]);
    else if (version > known.at(-1)!.version) known.push({ version, row });
  }

  /** The highest version that had certainly been there before `row`. Logarithmic. */
  knownBefore(log: StreamLog, row: number): KnownVersion {
    const known = this.#known.get(log) ?? [];
    let low = 0;
    let high = known.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (known[middle]!.row < row) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? nothing : known[low - 1]!;
  }
}

/**
 * Collects when each version of a stream is first known to be there: by a record of its event or of a compaction, by
 * a read, by the acknowledgement of an append whose events the final log has. Linear.
 */
export function collectProgress(
  { history, roles, fields }: StreamTask,
  logs: ReadonlyMap<number, StreamLog>,
): StreamProgress {
  const progress = new StreamProgress();
  for (let row = 0; row < history.length; row++) {
    const role = roles[history.f[row]!]!;
    const type = history.type[row];
    if (role < 0 || (type !== RECORD && type !== OK)) continue;
    const log = logs.get(history.key[row]!);
    if (log === undefined) continue;
    const isShown =
      type === RECORD
        ? role === streamRoles.event || role === streamRoles.compacted
        : role === streamRoles.read;
    if (isShown) {
      const version = fieldOf(history.value[row], fields.version);
      // What a read shows and the stream never had is told as such, and shows nothing else.
      const isThere = type === RECORD || log.rows.has(version as number);
      if (typeof version === "number" && isThere) progress.add(log, version, row);
    } else if (type === OK && role === streamRoles.append) {
      for (const event of eventsAppended(history.value[history.mate[row]!], fields) ?? []) {
        const version = placeOf(log, event);
        if (version > 0) progress.add(log, version, row);
      }
    }
  }
  return progress;
}

/** The ids of the events that an append asks to store; null where it names none. */
export function eventsAppended(
  asked: Json | undefined,
  fields: StreamTask["fields"],
): readonly Json[] | null {
  const given = fieldOf(asked, fields.events);
  if (Array.isArray(given)) return given as readonly Json[];
  const single = fieldOf(asked, fields.event);
  return single === undefined ? null : [single];
}

/** The one version of an event in the final log; −1 where it has none or several. */
export function placeOf(log: StreamLog, event: Json): number {
  const identity = identityOf(event);
  return log.repeated.has(identity) ? -1 : (log.versions.get(identity) ?? -1);
}
