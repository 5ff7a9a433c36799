import { fieldOf } from "../history/json-value.ts";
import type { StreamTask } from "./event-stream-task.ts";
import type { StreamLog } from "./stream-log.ts";

interface TimedVersions {
  readonly versions: readonly number[];
  readonly times: readonly number[];
}

/** When the events of streams happened, as far as somebody asks. */
export class EventTimes {
  readonly #timed = new Map<StreamLog, TimedVersions | null>();

  /**
   * The highest version whose event happened at that time or before, 0 where none did; null where times do not rise
   * with versions, the event may be among those that are gone, or no final record shows the stream. Logarithmic, after the first question on a stream.
   */
  lastBefore(task: StreamTask, log: StreamLog, at: number): number | null {
    // What live records do not show may have been there.
    if (!log.isInspected) return null;
    let timed = this.#timed.get(log);
    if (timed === undefined) {
      timed = timesOf(task, log);
      this.#timed.set(log, timed);
    }
    if (timed === null) return null;
    let low = 0;
    let high = timed.times.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (timed.times[middle]! <= at) low = middle + 1;
      else high = middle;
    }
    const last = low === 0 ? 0 : timed.versions[low - 1]!;
    // What followed may be among the events that are gone.
    return last < log.compactedTo && timed.versions[low] !== last + 1 ? null : last;
  }
}

function timesOf({ history, fields }: StreamTask, log: StreamLog): TimedVersions | null {
  const versions = log.table.finalVersions(log.key);
  const times: number[] = [];
  for (const version of versions) {
    const time = fieldOf(history.value[log.table.finalRow(log.key, version)], fields.at);
    if (typeof time !== "number" || time < (times.at(-1) ?? Number.NEGATIVE_INFINITY)) return null;
    times.push(time);
  }
  return { versions, times };
}
