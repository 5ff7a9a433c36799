import { keyName, operationName } from "../history/describe-operation.ts";
import { isSameJson } from "../history/json-value.ts";
import type { Json } from "../history/operation.ts";
import type { RowsByKey } from "../history/rows-by-key.ts";
import { recordsByKey } from "../records/records-by-key.ts";
import { eventText, LogCursor } from "./projected-log.ts";
import type { ProjectionProgress } from "./projection-progress.ts";
import type { ProjectionTask } from "./projection-task.ts";

/** A read model that shows another state than the fold of the log. */
export interface Mismatch {
  readonly node: number;
  readonly key: number;
  /** The record of the state; −1: there is none. */
  readonly row: number;
  readonly shown: Json;
  /** Number of the last state of the entity that is the one shown; −1: no prefix of the log gives it. */
  readonly reached: number;
  /** Row before which it must have been caused: that of a read; infinity for a state at the end. */
  readonly until: number;
}

/** An event that a projection said it applied. */
interface AppliedEvent {
  readonly row: number;
  /** Number of the state of the entity that it leads to. */
  readonly number: number;
}

/** Names the event that made a read model differ, where the live records of the projection tell. */
export class MismatchCauses {
  readonly #task: ProjectionTask;
  readonly #progress: ProjectionProgress;
  readonly #applied: RowsByKey;
  readonly #position: Int32Array;
  readonly #cursor: LogCursor;
  /** Causes that were told, so that reads and the end do not tell one twice. */
  readonly #told = new Set<string>();

  constructor(task: ProjectionTask, progress: ProjectionProgress) {
    this.#task = task;
    this.#progress = progress;
    this.#applied = recordsByKey(task.history, "applied", "live");
    this.#position = new Int32Array(task.history.keys.length).fill(-1);
    for (const [at, key] of this.#applied.keys.entries()) this.#position[key] = at;
    this.#cursor = new LogCursor(task.log);
  }

  /** The projection that a read from a node shows: that of the node, else the only one that applied the entity's events; −1. */
  projectionOf(node: number, key: number): number {
    const at = this.#position[key]!;
    if (node >= 0 || at < 0) return node;
    const { history } = this.#task;
    const rows = this.#applied.rows.subarray(this.#applied.starts[at], this.#applied.starts[at + 1]);
    const first = history.node[rows[0]!]!;
    return rows.every((row) => history.node[row] === first) ? first : -1;
  }

  /** Adds what the records say of a mismatch. Linear in the records and events of the entity. */
  explain(found: Mismatch): void {
    const applied = this.#appliedTo(found);
    if (found.reached >= 0) this.#explainOld(found, applied);
    else if (!this.#explainRepeated(found, applied) && !this.#explainDisorder(found, applied)) {
      this.#explainGap(found, applied);
    }
  }

  /** The model shows an older state: something was applied over newer events, or passed over. */
  #explainOld(found: Mismatch, applied: readonly AppliedEvent[]): void {
    const states = this.#task.statesOf(found.key);
    const last = applied.at(-1);
    const newer = last === undefined ? undefined : applied.find(({ number }) => number > last.number);
    if (last !== undefined && newer !== undefined && isSameJson(states.at(last.number), found.shown)) {
      const before = applied.find(({ number, row }) => number === last.number && row < newer.row);
      if (before !== undefined) this.#addRepeated(found, before, last, newer);
      else this.#addDisorder(found, newer, last);
      return;
    }
    const absent = found.reached + 1;
    if (absent <= states.last && !applied.some(({ number }) => number === absent)) {
      this.#addSkipped(found, absent);
    }
  }

  #explainRepeated(found: Mismatch, applied: readonly AppliedEvent[]): boolean {
    const first = new Map<number, AppliedEvent>();
    for (const event of applied) {
      const before = first.get(event.number);
      if (before !== undefined) {
        this.#addRepeated(found, before, event, null);
        return true;
      }
      first.set(event.number, event);
    }
    return false;
  }

  #explainDisorder(found: Mismatch, applied: readonly AppliedEvent[]): boolean {
    let newest: AppliedEvent | undefined;
    for (const event of applied) {
      if (newest !== undefined && event.number < newest.number) {
        this.#addDisorder(found, newest, event);
        return true;
      }
      newest = event;
    }
    return false;
  }

  #explainGap(found: Mismatch, applied: readonly AppliedEvent[]): void {
    let last = 0;
    for (const { number } of applied) {
      if (number > last + 1) {
        this.#addSkipped(found, last + 1);
        return;
      }
      last = number;
    }
  }

  #appliedTo({ node, key, until }: Mismatch): AppliedEvent[] {
    const { history, log } = this.#task;
    const at = this.#position[key]!;
    if (at < 0) return [];
    const numbers = new Map<number, number>();
    const start = log.starts[key]!;
    for (let event = start; event < log.starts[key + 1]!; event++) {
      numbers.set(log.events[event]!, event - start + 1);
    }
    const applied: AppliedEvent[] = [];
    for (let place = this.#applied.starts[at]!; place < this.#applied.starts[at + 1]!; place++) {
      const row = this.#applied.rows[place]!;
      if (row >= until) break;
      const number = numbers.get(this.#cursor.find(history.value[row]));
      if (history.node[row] === node && number !== undefined) applied.push({ row, number });
    }
    return applied;
  }

  #addRepeated(found: Mismatch, first: AppliedEvent, again: AppliedEvent, newer: AppliedEvent | null): void {
    const { history } = this.#task;
    const between = () =>
      newer === null ? "" : ` after a newer event (${operationName(history, newer.row)})`;
    const proof = () =>
      `${this.#text(found, again.number)} was applied (${operationName(history, first.row)}) and applied again` +
      `${between()} (${operationName(history, again.row)}), and ${this.#shown(found)} is not that of the log`;
    const rows = newer === null ? [again.row] : [newer.row, again.row];
    this.#add("applied-twice", found, [first.row, ...rows], proof);
  }

  #addDisorder(found: Mismatch, newer: AppliedEvent, late: AppliedEvent): void {
    const { history } = this.#task;
    const proof = () =>
      `${this.#text(found, late.number)} was applied (${operationName(history, late.row)}) after ` +
      `${this.#text(found, newer.number)} (${operationName(history, newer.row)}), and ${this.#shown(found)} is not ` +
      "that of the log";
    this.#add("applied-out-of-order", found, [newer.row, late.row], proof);
  }

  /** An event was skipped if the projection said that it is past it. */
  #addSkipped(found: Mismatch, number: number): void {
    const { history, log } = this.#task;
    const event = this.#task.statesOf(found.key).eventOf(number);
    const passed = this.#progress.passed(found.node, event);
    if (passed < 0 || passed >= found.until) return;
    const proof = () =>
      `${this.#text(found, number)} has no effect in ${this.#shown(found)}, but the projection was past it ` +
      `(${operationName(history, passed)})`;
    this.#add("skipped-event", found, [log.row[event]!, passed], proof);
  }

  #add(type: string, found: Mismatch, rows: readonly [number, ...number[]], proof: () => string): void {
    const name = `${type} ${rows.join(" ")}`;
    if (this.#told.has(name)) return;
    this.#told.add(name);
    const shown = found.row < 0 ? [] : [found.row];
    this.#task.anomalies.add({ type, key: found.key, rows: [...rows, ...shown], proof });
  }

  #text({ key }: Mismatch, number: number): string {
    const { history, log } = this.#task;
    return eventText(history, log, this.#task.statesOf(key).eventOf(number));
  }

  #shown({ key, row, until }: Mismatch): string {
    const { history } = this.#task;
    const isRead = until < Number.POSITIVE_INFINITY;
    const name = `the state of ${keyName(history, key)} ${isRead ? "that was read" : "at the end"}`;
    return row < 0 ? name : `${name} (${operationName(history, row)})`;
  }
}
