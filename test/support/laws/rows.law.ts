import type { HistoryEvent } from "../../../checkers/history/operation.ts";
import { buildHistory } from "../build-history.ts";
import { findingOf, withOneUnknown } from "../checker-laws.ts";
import type { ChoiceTape } from "../choice-tape.ts";
import { kindsOf, mergedVerdict, verdictOf } from "./judge.ts";
import type { Law, LawSubject } from "./law.ts";
import { foreignRows, merged } from "./unrelated.law.ts";
import { isRow } from "./vocabulary.ts";

/** Something is wrong with all keys together exactly where it is with one. */
export const blameByKey: Law = {
  name: "blame-by-key",
  says: "finds fault with all keys together exactly where it does with one of them by itself",
  compare: (subject, tape) => {
    const verdicts = verdictsByKey(subject, tape);
    if (verdicts === null) return null;
    return { expected: verdicts.parts === "invalid", found: verdicts.whole === "invalid" };
  },
};

/** What holds of each key holds of all, and the other way round. */
export const splitByKey: Law = {
  name: "split-by-key",
  says: "says of all keys together what the verdicts on each by itself say",
  compare: (subject, tape) => {
    const verdicts = verdictsByKey(subject, tape);
    return verdicts === null ? null : { expected: verdicts.parts, found: verdicts.whole };
  },
};

/** Of two histories together, so that there are keys: the verdict on all, and those on each key merged. */
function verdictsByKey(subject: LawSubject, tape: ChoiceTape) {
  if (subject.vocabulary.isOneObject === true) return null;
  const both = merged(subject.events, foreignRows(subject), tape.below(40)).events;
  const keys = [...new Set(both.filter(isRow).map(({ key }) => key))];
  if (keys.length < 2) return null;
  const parts = keys.map((key) =>
    verdictOf(
      subject.checker,
      both.filter((event) => !isRow(event) || event.key === key),
    ),
  );
  return { parts: mergedVerdict(parts), whole: verdictOf(subject.checker, both) };
}

/** Without what came later it is still wrong. */
export const dropLater: Law = {
  name: "drop-later",
  says: "still finds fault when operations that ended after the whole witness of an anomaly are taken away",
  compare: (subject, tape) => {
    const dropped = withoutLater(subject, tape);
    return dropped === null ? null : { expected: "invalid", found: dropped.after.verdict };
  },
};

/** Without what came later it is still wrong in the same way. */
export const sameAnomaly: Law = {
  name: "same-anomaly",
  says: "still finds an anomaly of the same type and key when operations that ended after its whole witness are taken away",
  compare: (subject, tape) => {
    const dropped = withoutLater(subject, tape);
    if (dropped === null) return null;
    const { type, key } = dropped.anomaly;
    const isFound = dropped.after.anomalies.some((one) => one.type === type && one.key === key);
    return { expected: "found", found: isFound ? "found" : dropped };
  },
};

/**
 * An anomaly, and what is found when some calls that ended after everything that its proof names, and some live records that came
 * after it, are taken away. Final records stay: they tell what is missing.
 */
function withoutLater({ checker, events }: LawSubject, tape: ChoiceTape) {
  const { anomalies } = checker.check(buildHistory(events));
  if (anomalies.length === 0) return null;
  const anomaly = tape.pick(anomalies);
  const ends = endsOf(events);
  // A witness may name a call by either of its lines.
  const last = Math.max(...anomaly.operations.map((index) => ends.get(index) ?? index));
  const later = events.filter(
    (event) =>
      isRow(event) &&
      event.index > last &&
      event.index === ends.get(event.index) &&
      !(event.type === "record" && event.final === true),
  );
  if (later.length === 0) return null;
  const dropped = new Set(later.filter(() => tape.below(2) === 0).map(({ index }) => index));
  if (dropped.size === 0) dropped.add(tape.pick(later).index);
  const left = events.filter(({ index }) => !dropped.has(ends.get(index) ?? -1));
  return { anomaly, dropped: [...dropped], after: checker.check(buildHistory(left)) };
}

/** All times and all indexes are later by a constant. */
export const shift: Law = {
  name: "shift",
  says: "finds and measures the same when all times and indexes are shifted",
  compare: ({ checker, events }) => {
    const shifted = events.map((event) => ({ ...event, index: event.index + 70, time: event.time + 3e12 }));
    const answer = (of: readonly HistoryEvent[], indexBefore?: (index: number) => number) => {
      const { measures } = checker.check(buildHistory(of)).stats;
      return { finding: findingOf(checker, of, indexBefore), measures };
    };
    return { expected: answer(events), found: answer(shifted, (index) => index - 70) };
  },
};

/**
 * Two calls that are sent at one moment, two that end at one moment, or two things on different keys that are found at the very
 * end have no order: their lines change places.
 */
export const swap: Law = {
  name: "swap",
  says: "finds the same when two lines that have no order change places",
  compare: ({ checker, events }, tape) => {
    const places = events.flatMap((event, at) => (isUnordered(event, events[at + 1]) ? [at] : []));
    if (places.length === 0) return null;
    const at = tape.pick(places);
    const [first, second] = [events[at]!, { ...events[at + 1]!, time: events[at]!.time }];
    const before = [...events.slice(0, at), first, second, ...events.slice(at + 2)];
    const after = [
      ...events.slice(0, at),
      { ...second, index: first.index },
      { ...first, index: second.index },
      ...events.slice(at + 2),
    ];
    return { expected: kindsOf(checker, before), found: kindsOf(checker, after) };
  },
};

/** An outcome becomes unknown, or a live record was never written: nobody is blamed for it. */
export const knowLess: Law = {
  name: "know-less",
  says: "blames nobody because less is known",
  compare: ({ checker, events }, tape) => {
    if (verdictOf(checker, events) === "invalid") return null;
    const live = events.filter((event) => event.type === "record" && event.final !== true);
    const weaker =
      live.length > 0 && tape.below(2) === 0
        ? without(events, tape.pick(live))
        : withOneUnknown(events, tape);
    return { expected: false, found: verdictOf(checker, weaker) === "invalid" };
  },
};

function without(events: readonly HistoryEvent[], gone: HistoryEvent): HistoryEvent[] {
  return events.filter((event) => event !== gone);
}

/** By index of each row: the index of the line that ends it. A record ends itself; what has no end has none. */
function endsOf(events: readonly HistoryEvent[]): ReadonlyMap<number, number> {
  const open = new Map<number | string, number>();
  const ends = new Map<number, number>();
  for (const event of events) {
    if (!isRow(event)) continue;
    if (event.type !== "invoke") ends.set(event.index, event.index);
    if (event.type === "record") continue;
    const invoked = open.get(event.process);
    if (event.type === "invoke") open.set(event.process, event.index);
    else if (invoked !== undefined) ends.set(invoked, event.index);
  }
  return ends;
}

function isUnordered(first: HistoryEvent, second: HistoryEvent | undefined): boolean {
  if (second === undefined || !isRow(first) || !isRow(second)) return false;
  if (first.type === "record" || second.type === "record") {
    const areFinal = first.final === true && second.final === true;
    return first.type === second.type && areFinal && first.key !== second.key;
  }
  const areAlike = (first.type === "invoke") === (second.type === "invoke");
  return areAlike && (first.client ?? first.process) !== (second.client ?? second.process);
}
