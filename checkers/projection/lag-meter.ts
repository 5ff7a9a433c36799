import { nodeName, operationName, sessionName } from "../history/describe-operation.ts";
import { durationText } from "../history/duration-text.ts";
import { QuietTime } from "../history/quiet-time.ts";
import type { Measure } from "../measure.ts";
import { ValueDistribution } from "../value-distribution.ts";
import { eventText } from "./projected-log.ts";
import type { ProjectionTask } from "./projection-task.ts";

const nanosPerMs = 1e6;

/**
 * Measures how far projections are behind the log. The lag of an event lasts from its live record to the
 * first record of its application; where projections record none, to the end of the first read that shows
 * it. Memory does not grow with the number of lags. Logarithmic for each application.
 */
export class LagMeter {
  readonly #task: ProjectionTask;
  readonly #quiet: QuietTime;
  /** By event: number of the last projection that applied it. */
  readonly #appliedIn: Int32Array;
  /** By partition: rows of live records of events, rising. */
  readonly #happened: readonly Int32Array[];
  readonly #appliedMs = new ValueDistribution();
  readonly #undisturbedMs = new ValueDistribution();
  readonly #appliedEvents = new ValueDistribution();
  readonly #readMs = new ValueDistribution();
  #projection = 0;
  /** Longest time that a read was behind an event when it was sent; −1: none was compared. */
  #readBehindMs = -1;

  constructor(task: ProjectionTask) {
    this.#task = task;
    this.#quiet = new QuietTime(task.history);
    const { live, count, partitionStarts } = task.log;
    this.#appliedIn = new Int32Array(count);
    this.#happened = Array.from({ length: partitionStarts.length - 1 }, (_, partition) =>
      live
        .subarray(partitionStarts[partition], partitionStarts[partition + 1])
        .filter((row) => row >= 0)
        .sort(),
    );
  }

  /** What {@link applied} tells from now on is told of another projection. */
  startProjection(): void {
    this.#projection++;
  }

  /** A projection recorded at `row` that it applied an event. */
  applied(event: number, row: number): void {
    if (this.#appliedIn[event] === this.#projection) return;
    this.#appliedIn[event] = this.#projection;
    const { history, log, options, anomalies } = this.#task;
    const live = log.live[event]!;
    if (live < 0) return;
    const lagMs = Math.max(0, history.time[row]! - history.time[live]!) / nanosPerMs;
    this.#appliedMs.add(lagMs);
    const { maxLagMs, maxLagEvents } = options;
    const applied = () => `${nodeName(history, row)} applied ${eventText(history, log, event)}`;
    if (maxLagMs !== undefined && lagMs > maxLagMs) {
      const proof = () =>
        `${applied()} ${durationText(lagMs)} after it had happened (${operationName(history, live)}, then ` +
        `${operationName(history, row)}); at most ${maxLagMs} ms are allowed`;
      anomalies.add({ type: "lag-exceeded", key: history.key[row]!, rows: [live, row], proof });
    }
    this.#undisturbed(live, row, row, applied);
    const partition = log.partition[event]!;
    const known = countBelow(this.#happened[partition]!, row);
    const behind = Math.max(0, known - (event - log.partitionStarts[partition]! + 1));
    this.#appliedEvents.add(behind);
    if (maxLagEvents === undefined || behind <= maxLagEvents) return;
    const newest = this.#happened[partition]![known - 1]!;
    const proof = () =>
      `${applied()} (${operationName(history, row)}) when ${behind} later events had happened (the last: ` +
      `${operationName(history, newest)}); at most ${maxLagEvents} are allowed`;
    anomalies.add({ type: "lag-exceeded", key: history.key[row]!, rows: [newest, row], proof });
  }

  /** A read that ended at `row` was the first to show the effect of an event. */
  shown(event: number, row: number): void {
    const { history, log } = this.#task;
    const live = log.live[event]!;
    if (live >= 0) this.#readMs.add(Math.max(0, history.time[row]! - history.time[live]!) / nanosPerMs);
  }

  /** A read, sent at `sent` and ended at `row`, did not show the effect of an event. */
  absent(event: number, sent: number, row: number): void {
    const { history, log, options, anomalies } = this.#task;
    const live = log.live[event]!;
    if (live < 0 || live > sent) return;
    const behindMs = (history.time[sent]! - history.time[live]!) / nanosPerMs;
    this.#readBehindMs = Math.max(this.#readBehindMs, behindMs);
    this.#undisturbed(live, sent, row, () => {
      const asked = `${sessionName(history, row)} asked (${operationName(history, sent)})`;
      return `${asked} and was not shown the effect of ${eventText(history, log, event)}`;
    });
    const { maxLagMs } = options;
    if (maxLagMs === undefined || behindMs <= maxLagMs) return;
    const proof = () =>
      `${eventText(history, log, event)} had happened (${operationName(history, live)}) ${durationText(behindMs)} before ` +
      `${sessionName(history, row)} asked (${operationName(history, sent)}) and was not shown its effect ` +
      `(${operationName(history, row)}); at most ${maxLagMs} ms are allowed`;
    anomalies.add({ type: "lag-exceeded", key: history.key[row]!, rows: [live, sent, row], proof });
  }

  /** The longest stretch of a lag in which nothing disturbed: from the record at `live` to `until`, told by `row`. */
  #undisturbed(live: number, until: number, row: number, what: () => string): void {
    const { history, options, anomalies } = this.#task;
    const nanos = this.#quiet.longestNanos(history.time[live]!, history.time[until]!);
    const lagMs = nanos / nanosPerMs;
    if (until === row) this.#undisturbedMs.add(lagMs);
    const { maxUndisturbedLagMs } = options;
    if (maxUndisturbedLagMs === undefined || lagMs <= maxUndisturbedLagMs) return;
    const proof = () =>
      `${what()} (${operationName(history, row)}); it had happened (${operationName(history, live)}) and then, without ` +
      `any fault, ${durationText(lagMs)} had passed in a row; at most ${maxUndisturbedLagMs} ms are allowed`;
    const rows: [number, ...number[]] = until === row ? [live, row] : [live, until, row];
    anomalies.add({ type: "lag-exceeded", key: history.key[row]!, rows, proof });
  }

  /** What was measured. */
  measures(): readonly Measure[] {
    const lags = this.#appliedMs.count > 0 ? this.#appliedMs : this.#readMs;
    const measures = [
      ...lags.measures("lag", "ms"),
      ...this.#undisturbedMs.measures("undisturbed lag", "ms"),
      ...this.#appliedEvents.measures("lag", "events"),
    ];
    if (this.#readBehindMs >= 0) {
      measures.push({ name: "longest lag of a read", unit: "ms", value: this.#readBehindMs, worse: "high" });
    }
    return measures;
  }
}

/** How many rows of a rising list are below `row`. Logarithmic. */
function countBelow(rows: Int32Array, row: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle]! < row) low = middle + 1;
    else high = middle;
  }
  return low;
}
