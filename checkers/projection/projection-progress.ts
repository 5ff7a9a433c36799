import { operationName } from "../history/describe-operation.ts";
import { clippedText } from "../history/excerpt.ts";
import { fieldOf } from "../history/json-value.ts";
import { functionNumber, isRecord } from "../records/records-by-key.ts";
import type { LagMeter } from "./lag-meter.ts";
import { eventText, LogCursor, partitionName, positionOf } from "./projected-log.ts";
import type { ProjectionTask } from "./projection-task.ts";

/** A position in a partition that a projection was at, and the record that says so. */
interface Mark {
  readonly position: number;
  readonly row: number;
}

/** Live and final records of one projection, in history order. */
interface ProjectionRecords {
  readonly name: string;
  readonly rows: number[];
}

/**
 * Goes through what each projection said of its own progress: `checkpoint` (key = projection), `applied` (node = projection)
 * and `rebuild` (key = projection: it starts anew). Finds positions that go back, and feeds the lag. Linear.
 */
export class ProjectionProgress {
  readonly #task: ProjectionTask;
  readonly #lag: LagMeter;
  readonly #applied: number;
  readonly #rebuild: number;
  readonly #cursor: LogCursor;
  /** By event: the record of its application by the projection that is looked at now; −1. */
  readonly #appliedBy: Int32Array;
  /** By name of the projection, by partition: how far it ever was. */
  readonly #furthest = new Map<string, Map<string | number, Mark>>();
  /** Records that were looked at. */
  compared = 0;

  constructor(task: ProjectionTask, lag: LagMeter) {
    this.#task = task;
    this.#lag = lag;
    this.#applied = functionNumber(task.history, "applied");
    this.#rebuild = functionNumber(task.history, "rebuild");
    this.#cursor = new LogCursor(task.log);
    this.#appliedBy = new Int32Array(task.log.count).fill(-1);
    for (const records of this.#recordsOfProjections()) this.#goThrough(records);
  }

  /** A record that says that a projection was at or past an event; −1 where there is none. */
  passed(node: number, event: number): number {
    const { history, log } = this.#task;
    if (node < 0) return -1;
    const marks = this.#furthest.get(history.nodes[node]!);
    const mark = marks?.get(log.partitions.values[log.partition[event]!]!);
    return mark !== undefined && mark.position >= log.position[event]! ? mark.row : -1;
  }

  #recordsOfProjections(): Iterable<ProjectionRecords> {
    const { history } = this.#task;
    const checkpoint = functionNumber(history, "checkpoint");
    const found = new Map<string, ProjectionRecords>();
    for (let row = 0; row < history.length; row++) {
      const f = history.f[row]!;
      if (f !== this.#applied && f !== checkpoint && f !== this.#rebuild) continue;
      const isFinal = isRecord(history, row, checkpoint, "final");
      if (!isFinal && !isRecord(history, row, f, "live")) continue;
      const name = f === this.#applied ? history.nodes[history.node[row]!] : history.keys[history.key[row]!];
      if (name === undefined) continue;
      let records = found.get(name);
      if (records === undefined) {
        records = { name, rows: [] };
        found.set(name, records);
      }
      records.rows.push(row);
    }
    return found.values();
  }

  #goThrough({ name, rows }: ProjectionRecords): void {
    const { history } = this.#task;
    const furthest = new Map<string | number, Mark>();
    const durable = new Map<string | number, Mark>();
    this.#furthest.set(name, furthest);
    this.#lag.startProjection();
    const touched: number[] = [];
    for (const row of rows) {
      if (history.f[row] === this.#rebuild) {
        durable.clear();
        this.#forget(touched);
        continue;
      }
      const value = history.value[row];
      const partition = partitionName(fieldOf(value, "partition"));
      const mark: Mark = { position: positionOf(value), row };
      if (Number.isNaN(mark.position)) continue;
      this.compared++;
      if (mark.position >= (furthest.get(partition)?.position ?? mark.position))
        furthest.set(partition, mark);
      if (history.f[row] === this.#applied) this.#apply(mark, durable.get(partition), touched);
      else this.#checkpoint(name, mark, partition, durable);
    }
    this.#forget(touched);
  }

  #forget(touched: number[]): void {
    for (const event of touched) this.#appliedBy[event] = -1;
    touched.length = 0;
  }

  #checkpoint(
    name: string,
    mark: Mark,
    partition: string | number,
    durable: Map<string | number, Mark>,
  ): void {
    const { history, anomalies } = this.#task;
    const before = durable.get(partition);
    if (before === undefined || mark.position >= before.position) {
      durable.set(partition, mark);
      return;
    }
    const proof = () =>
      `the checkpoint of ${clippedText(String(name))} was at position ${before.position} (${operationName(history, before.row)}), and ` +
      `afterwards at ${mark.position} (${operationName(history, mark.row)}), without being rebuilt`;
    this.#add(history.key[mark.row]!, [before.row, mark.row], proof, anomalies);
  }

  /** To apply an event again is allowed after a restart, but not once the checkpoint says that it is done. */
  #apply(mark: Mark, durable: Mark | undefined, touched: number[]): void {
    const { history, log, anomalies } = this.#task;
    const event = this.#cursor.find(history.value[mark.row]);
    if (event < 0) return;
    this.#lag.applied(event, mark.row);
    const before = this.#appliedBy[event]!;
    if (before < 0) {
      this.#appliedBy[event] = mark.row;
      touched.push(event);
      return;
    }
    if (durable === undefined || durable.position < mark.position) return;
    const proof = () =>
      `${eventText(history, log, event)} was applied (${operationName(history, before)}) and the checkpoint was at ` +
      `${durable.position} (${operationName(history, durable.row)}), but afterwards it was applied again ` +
      `(${operationName(history, mark.row)})`;
    this.#add(history.key[mark.row]!, [before, durable.row, mark.row], proof, anomalies);
  }

  #add(
    key: number,
    rows: readonly [number, ...number[]],
    proof: () => string,
    anomalies: ProjectionTask["anomalies"],
  ): void {
    anomalies.add({ type: "position-went-back", key, rows, proof });
  }
}
