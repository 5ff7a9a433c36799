import type { HistoryEvent, Json } from "../../../checkers/history/operation.ts";
import { findingOf, otherKey, withOtherNames } from "../checker-laws.ts";
import { kindsOf } from "./judge.ts";
import type { Law } from "./law.ts";
import { isRow, type Name, type Vocabulary, withValue } from "./vocabulary.ts";

/** Keys, processes, clients and nodes have other names, hostile ones on purpose. */
export const otherNames: Law = {
  name: "names",
  says: "finds the same when keys, processes, sessions and nodes are renamed",
  compare: ({ checker, events, vocabulary }) => ({
    expected: findingOf(checker, events, undefined, otherKey),
    found: findingOf(checker, withOtherKeys(events, vocabulary), undefined, (key) =>
      key === "" ? otherKey(key) : key,
    ),
  }),
};

/** What is only compared for being equal has other values. */
export const otherValues: Law = {
  name: "values",
  says: "finds the same when values are renamed",
  compare: ({ checker, events, vocabulary }) =>
    vocabulary.values === undefined
      ? null
      : {
          expected: kindsOf(checker, events),
          found: kindsOf(checker, withOtherValues(events, vocabulary, "hasOwnProperty ")),
        },
};

/** The events with other names, within values as well. */
export function withOtherKeys(events: readonly HistoryEvent[], { keys }: Vocabulary): HistoryEvent[] {
  const name: Name = (key) => otherKey(String(key));
  return withOtherNames(events).map((event) => (isRow(event) ? withValue(event, keys, name) : event));
}

/** The events with other values, which begin like that: texts in place of whatever there was. */
export function withOtherValues(
  events: readonly HistoryEvent[],
  { values }: Vocabulary,
  start: string,
): HistoryEvent[] {
  const name: Name = (value: Json) => (value === null ? null : `${start}${JSON.stringify(value)}`);
  return events.map((event) => (isRow(event) ? withValue(event, values, name) : event));
}
