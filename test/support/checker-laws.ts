import type { Anomaly, Checker } from "../../checkers/checker.ts";
import type { HistoryEvent, Operation, RecordEvent } from "../../checkers/history/operation.ts";
import type { Verdict } from "../../checkers/verdict.ts";
import { buildHistory } from "./build-history.ts";
import type { ChoiceTape } from "./choice-tape.ts";

/** What a checker found, without the words: comparable between histories that mean the same. */
export interface Finding {
  readonly verdict: Verdict;
  readonly anomalies: readonly (Pick<Anomaly, "type"> & {
    readonly key: string;
    readonly operations: string;
  })[];
}

/** Checks events; `rename` and `indexBefore` undo what was done to them. */
export function findingOf(
  checker: Checker,
  events: readonly HistoryEvent[],
  indexBefore: (index: number) => number = (index) => index,
  rename: (key: string) => string = (key) => key,
): Finding {
  const { verdict, anomalies } = checker.check(buildHistory(events));
  return {
    verdict,
    anomalies: anomalies.map(({ type, key, operations }) => ({
      type,
      key: rename(key ?? ""),
      operations: operations.map(indexBefore).join(),
    })),
  };
}

/** Law: what keys, processes and nodes are called changes nothing. Hostile names on purpose. */
export function withOtherNames(events: readonly HistoryEvent[]): HistoryEvent[] {
  const renamed = mapOperations(events, (operation) => ({
    ...operation,
    process: `p${operation.process}`,
    ...(operation.client === undefined ? {} : { client: 1000 - operation.client }),
    ...(operation.key === undefined ? {} : { key: otherKey(operation.key) }),
    ...(operation.node === undefined ? {} : { node: `__proto__${operation.node}` }),
  }));
  return mapRecords(renamed, (record) => ({
    ...record,
    key: otherKey(record.key),
    ...(record.node === undefined ? {} : { node: `__proto__${record.node}` }),
  }));
}

/** The other name of a key in {@link withOtherNames}. */
export function otherKey(key: string): string {
  return `__proto__${key}`;
}

/** Law: operations and records on other keys by other clients change nothing. Gives the events and their old indexes. */
export function withUnrelated(
  events: readonly HistoryEvent[],
  others: readonly HistoryEvent[],
  tape: ChoiceTape,
): { readonly events: HistoryEvent[]; readonly indexBefore: (index: number) => number } {
  const renamed = mapOperations(others, (operation) => ({
    ...operation,
    process: `other ${operation.process}`,
    client: 500 + (operation.client ?? 0),
    key: `other ${operation.key}`,
  }));
  const foreign = mapRecords(renamed, (record) => ({ ...record, key: `other ${record.key}` }));
  const merged: HistoryEvent[] = [];
  const before: number[] = [];
  let at = 0;
  for (const event of events) {
    for (; at < foreign.length && tape.below(2) === 0; at++) push(merged, before, foreign[at]!, -1);
    push(merged, before, event, event.index);
  }
  for (; at < foreign.length; at++) push(merged, before, foreign[at]!, -1);
  return { events: merged, indexBefore: (index) => before[index]! };
}

function push(merged: HistoryEvent[], before: number[], event: HistoryEvent, index: number): void {
  before.push(index);
  merged.push({ ...event, index: merged.length, time: merged.length });
}

/** Law: to know less never makes a history invalid. One completion becomes an unknown outcome. */
export function withOneUnknown(events: readonly HistoryEvent[], tape: ChoiceTape): HistoryEvent[] {
  const completions = events.filter(({ type }) => type === "ok" || type === "fail");
  if (completions.length === 0) return [...events];
  const chosen = tape.pick(completions) as Operation;
  return mapOperations(events, (operation) => {
    if (operation === chosen) {
      const { value: _, error: __, ...rest } = operation;
      return { ...rest, type: "info" };
    }
    const isLater = operation.process === chosen.process && operation.index > chosen.index;
    return isLater ? { ...operation, process: `${operation.process} later` } : operation;
  });
}

function mapOperations(
  events: readonly HistoryEvent[],
  map: (operation: Operation) => Operation,
): HistoryEvent[] {
  return events.map((event) =>
    event.type === "fault" || event.type === "phase" || event.type === "record" ? event : map(event),
  );
}

function mapRecords(
  events: readonly HistoryEvent[],
  map: (record: RecordEvent) => RecordEvent,
): HistoryEvent[] {
  return events.map((event) => (event.type === "record" ? map(event) : event));
}
