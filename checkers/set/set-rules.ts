import type { AnomalyList } from "../anomaly-list.ts";
import { keyName, operationName, valueText } from "../history/describe-operation.ts";
import type { History } from "../history/history.ts";
import type { Element, OddElement, SetFacts, SetRead } from "./set-facts.ts";

/** One set of a history. */
export interface SetTask {
  readonly history: History;
  /** Position in `history.keys`, −1 where there is none. */
  readonly key: number;
  readonly facts: SetFacts;
  readonly anomalies: AnomalyList;
  /** Must every read show what was known before it was sent? */
  readonly fresh: boolean;
}

/** What is measured of one set. */
export interface JudgedSet {
  readonly neverRead: number;
  readonly stale: number;
}

/**
 * Names what is shown and must not be, what is not shown any more, and what some read between lacks.
 * Linear in the elements shown, n log n in the reads.
 */
export function judgeSet(task: SetTask): JudgedSet {
  const { facts } = task;
  for (const odd of facts.odd) addOdd(task, odd);
  const reads = [...facts.reads].sort((a, b) => a.invocation - b.invocation);
  const stale = findStale(task, reads);
  let neverRead = 0;
  for (const element of facts.elements.values()) {
    if (element.known < 0) continue;
    const missing = reads[firstAfter(reads, Math.max(element.known, element.lastRead))];
    if (missing !== undefined) addLost(task, element, missing);
    else if (element.firstRead < 0) neverRead++;
  }
  return { neverRead, stale };
}

/**
 * Elements that a read lacks although they were known, and that a read shows which was sent later, or at least answered
 * after the other was sent.
 */
function findStale(task: SetTask, reads: readonly SetRead[]): number {
  let stale = 0;
  for (let rank = 0; rank < reads.length; rank++) {
    const read = reads[rank]!;
    for (const element of read.elements) {
      if (read.invocation < element.known) continue;
      if (element.nextRank < 0) element.nextRank = firstAfter(reads, element.known);
      if (rank > element.nextRank && !element.isStale) {
        element.isStale = true;
        stale++;
        if (task.fresh) addStale(task, element, reads[element.nextRank]!, read);
      }
      element.nextRank = rank + 1;
    }
  }
  const showing = new Map(reads.map((read) => [read.row, read]));
  for (const element of task.facts.elements.values()) {
    if (element.known < 0 || element.isStale) continue;
    const lacking = reads[element.nextRank < 0 ? firstAfter(reads, element.known) : element.nextRank];
    if (lacking === undefined || lacking.invocation > element.lastRead) continue;
    element.isStale = true;
    stale++;
    if (task.fresh) addStale(task, element, lacking, showing.get(element.lastRead)!);
  }
  return stale;
}

/** Rank of the first read that was sent after `row`; the number of reads where there is none. */
function firstAfter(reads: readonly SetRead[], row: number): number {
  let low = 0;
  let high = reads.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (reads[middle]!.invocation > row) high = middle;
    else low = middle + 1;
  }
  return low;
}

function addOdd({ history, key, anomalies }: SetTask, { row, value, type }: OddElement): void {
  const why =
    type === "duplicate-element" ? " more than once" : ", which nobody had tried to add, or only in vain";
  const proof = () =>
    `${operationName(history, row)} shows ${valueText(value)} in ${keyName(history, key)}${why}`;
  anomalies.add({ type, key, rows: [row], proof });
}

function addLost(task: SetTask, element: Element, missing: SetRead): void {
  const { history, key, anomalies } = task;
  const last = element.lastRead;
  const rows: [number, ...number[]] = [element.known];
  if (last >= 0 && last !== element.known) rows.push(last);
  rows.push(missing.row);
  const proof = () => {
    const seen =
      last < 0 || last === element.known ? "" : `, was last shown by ${operationName(history, last)}`;
    return (
      `${knownText(task, element)}${seen}, but ${operationName(history, missing.row)}, which was sent ` +
      "afterwards, does not show it, nor does any later read"
    );
  };
  anomalies.add({ type: "lost-element", key, rows, proof });
}

function addStale(task: SetTask, element: Element, lacking: SetRead, showing: SetRead): void {
  const { history, key, anomalies } = task;
  const proof = () =>
    `${knownText(task, element)}, but ${operationName(history, lacking.row)}, which was sent afterwards, does not ` +
    `show it; ${operationName(history, showing.row)} does again`;
  anomalies.add({ type: "stale-read", key, rows: [element.known, lacking.row, showing.row], proof });
}

/** How it is known that an element is there. */
function knownText({ history, key }: SetTask, element: Element): string {
  const { known, added, value } = element;
  const how = known === added ? "acknowledged" : "shows";
  return `${valueText(value)} is in ${keyName(history, key)}, as ${operationName(history, known)} ${how}`;
}
