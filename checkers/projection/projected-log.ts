import { keyName, operationName } from "../history/describe-operation.ts";
import { clippedText } from "../history/excerpt.ts";
import type { History } from "../history/history.ts";
import { InternTable } from "../history/intern-table.ts";
import { fieldOf } from "../history/json-value.ts";
import type { Json } from "../history/operation.ts";
import { functionNumber, isRecord } from "../records/records-by-key.ts";
import { foldedStates, type ProjectionFold, statedAfter } from "./folded-events.ts";

/** The events of a log at the end, by partition and position, in columns; event `e` is position `e` of each. */
export interface ProjectedLog {
  readonly count: number;
  /** The final record of an event. */
  readonly row: Int32Array;
  /** The record that was written when it happened; −1. */
  readonly live: Int32Array;
  readonly position: Float64Array;
  /** Position in `partitions`. */
  readonly partition: Int32Array;
  /** Names or numbers of partitions; the empty name where events have none. */
  readonly partitions: InternTable<string | number>;
  /** Events of partition `p` are those from `partitionStarts[p]` up to `partitionStarts[p + 1]`. */
  readonly partitionStarts: Int32Array;
  /** Events of each entity in their order: of key `k` those from `starts[k]` up to `starts[k + 1]`. */
  readonly events: Int32Array;
  readonly starts: Int32Array;
  /** By event: the state after it, where a function folds events; null where each event says it itself. */
  readonly states: readonly Json[] | null;
  /** What is wrong with the log, so that it does not tell the states of entities; null: nothing. */
  readonly problem: string | null;
}

/** Collects the log. Linear where records stand in the order of the log, else n log n. */
export function collectLog(history: History, fold?: ProjectionFold): ProjectedLog {
  const f = functionNumber(history, "event");
  const partitions = new InternTable<string | number>();
  const rows = finalRows(history, f);
  const { position, partition, order } = inOrder(history, rows, partitions);
  const count = rows.length;
  const log = {
    count,
    row: picked(rows, order),
    live: new Int32Array(count).fill(-1),
    position: picked(position, order),
    partition: picked(partition, order),
    partitions,
    partitionStarts: startsOf(order, partition, partitions.values.length),
  };
  const starts = startsOf(log.row, history.key, history.keys.length);
  const next = starts.slice();
  const events = new Int32Array(count);
  for (let event = 0; event < count; event++) events[next[history.key[log.row[event]!]!]!++] = event;
  const problem = problemOf(history, log, fold !== undefined);
  const states =
    fold === undefined || problem !== null ? null : foldedStates(history, { ...log, events, starts }, fold);
  const found: ProjectedLog = { ...log, starts, events, states, problem };
  const cursor = new LogCursor(found);
  for (let row = 0; row < history.length; row++) {
    if (!isRecord(history, row, f, "live")) continue;
    const event = cursor.find(history.value[row]);
    if (event >= 0 && found.live[event]! < 0) found.live[event] = row;
  }
  return found;
}

/** Finds events by position. Constant time where they are asked for in the order of the log, else logarithmic. */
export class LogCursor {
  readonly #log: ProjectedLog;
  #last = -1;
  #lastName: string | number | null = null;
  #lastPart = -1;

  constructor(log: ProjectedLog) {
    this.#log = log;
  }

  /** The event with the position and partition of a record's value; −1 where the log has none. */
  find(value: Json | undefined): number {
    const { partition, position, partitionStarts } = this.#log;
    const wanted = positionOf(value);
    const part = this.#partition(partitionName(fieldOf(value, "partition")));
    if (part < 0 || Number.isNaN(wanted)) return -1;
    const next = this.#last + 1;
    if (next < partition.length && partition[next] === part && position[next] === wanted) {
      this.#last = next;
      return next;
    }
    let low = partitionStarts[part]!;
    let high = partitionStarts[part + 1]!;
    const end = high;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (position[middle]! < wanted) low = middle + 1;
      else high = middle;
    }
    if (low >= end || position[low] !== wanted) return -1;
    this.#last = low;
    return low;
  }

  #partition(name: string | number): number {
    if (name === this.#lastName) return this.#lastPart;
    const { partitions } = this.#log;
    this.#lastName = name;
    this.#lastPart = partitions.has(name) ? partitions.intern(name) : -1;
    return this.#lastPart;
  }
}

/** The position that a record names; NaN where it names none. */
export function positionOf(value: Json | undefined): number {
  const position = fieldOf(value, "position");
  return typeof position === "number" ? position : Number.NaN;
}

/** The name under which a partition is kept. */
export function partitionName(name: Json | undefined): string | number {
  return typeof name === "string" || typeof name === "number" ? name : "";
}

/** `event "e7" at position 12`. */
export function eventText(history: History, log: ProjectedLog, event: number): string {
  const row = log.row[event]!;
  const id = fieldOf(history.value[row], "event");
  const partition = log.partitions.values[log.partition[event]!]!;
  const where = partition === "" ? "" : ` of partition ${clippedText(String(partition))}`;
  const name =
    id === undefined
      ? "the event"
      : `event ${clippedText(typeof id === "object" ? JSON.stringify(id) : String(id))}`;
  return `${name} at position ${log.position[event]}${where} (${operationName(history, row)})`;
}

/** Place and partition of each of these events, and the order in which the log has them. */
function inOrder(
  history: History,
  rows: Int32Array,
  partitions: InternTable<string | number>,
): Pick<ProjectedLog, "position" | "partition"> & { readonly order: Int32Array } {
  const position = new Float64Array(rows.length);
  const partition = new Int32Array(rows.length);
  const order = new Int32Array(rows.length);
  let [lastName, last]: [string | number | null, number] = [null, -1];
  for (let at = 0; at < rows.length; at++) {
    const value = history.value[rows[at]!];
    const name = partitionName(fieldOf(value, "partition"));
    if (name !== lastName) {
      lastName = name;
      last = partitions.intern(name);
    }
    position[at] = positionOf(value);
    partition[at] = last;
    order[at] = at;
  }
  if (!isSorted(partition, position)) {
    order.sort((a, b) => partition[a]! - partition[b]! || position[a]! - position[b]! || a - b);
  }
  return { position, partition, order };
}

function finalRows(history: History, f: number): Int32Array {
  const rows = new Int32Array(history.length);
  let count = 0;
  for (let row = 0; row < history.length; row++) if (isRecord(history, row, f, "final")) rows[count++] = row;
  return rows.slice(0, count);
}

/** The values of a column in another order. */
function picked<Column extends Int32Array | Float64Array>(column: Column, order: Int32Array): Column {
  const chosen = column.slice() as Column;
  for (let at = 0; at < order.length; at++) chosen[at] = column[order[at]!]!;
  return chosen;
}

function isSorted(partition: Int32Array, position: Float64Array): boolean {
  for (let at = 1; at < partition.length; at++) {
    if (partition[at]! < partition[at - 1]!) return false;
    if (partition[at] === partition[at - 1] && !(position[at]! > position[at - 1]!)) return false;
  }
  return true;
}

/** Where the items of each slot start when they are grouped by slot. */
function startsOf(items: Int32Array, slotOf: Int32Array, slots: number): Int32Array {
  const starts = new Int32Array(slots + 1);
  for (let at = 0; at < items.length; at++) starts[slotOf[items[at]!]! + 1]!++;
  for (let slot = 0; slot < slots; slot++) starts[slot + 1]! += starts[slot]!;
  return starts;
}

function problemOf(
  history: History,
  { row, position, partition }: Pick<ProjectedLog, "row" | "position" | "partition">,
  isFolded: boolean,
): string | null {
  const partitionOfKey = new Int32Array(history.keys.length).fill(-1);
  for (let event = 0; event < row.length; event++) {
    const name = operationName(history, row[event]!);
    if (Number.isNaN(position[event]!)) return `${name} is an event without a position`;
    if (!isFolded && statedAfter(history, row[event]!) === undefined) {
      return `${name} is an event that neither puts nor removes a state`;
    }
    if (event > 0 && position[event] === position[event - 1] && partition[event] === partition[event - 1]) {
      return `${operationName(history, row[event - 1]!)} and ${name} are two events at one position`;
    }
    const key = history.key[row[event]!]!;
    if (partitionOfKey[key]! >= 0 && partitionOfKey[key] !== partition[event]) {
      return `events of ${keyName(history, key)} are in two partitions (${name}), so their order is not known`;
    }
    partitionOfKey[key] = partition[event]!;
  }
  return null;
}
