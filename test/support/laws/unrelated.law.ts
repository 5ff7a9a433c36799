import type { HistoryEvent, Operation } from "../../../checkers/history/operation.ts";
import { findingOf } from "../checker-laws.ts";
import type { ChoiceTape } from "../choice-tape.ts";
import { kindsOf, mergedVerdict, verdictOf } from "./judge.ts";
import type { Law, LawSubject } from "./law.ts";
import { withOtherKeys, withOtherValues } from "./rename.law.ts";
import { isRow } from "./vocabulary.ts";

/** The rows of the other history, on other keys by other sessions, come between: something is wrong where it was before. */
export const blameWithOthers: Law = {
  name: "blame-with-others",
  says: "finds fault exactly where it does with one of two systems by itself, when both are in one history",
  compare: (subject, tape) => {
    const both = withForeign(subject, tape);
    if (both === null) return null;
    const verdicts = [verdictOf(subject.checker, subject.events), verdictOf(subject.checker, both.there)];
    return {
      expected: verdicts.includes("invalid"),
      found: verdictOf(subject.checker, both.events) === "invalid",
    };
  },
};

/** The same, with all three verdicts, and the types of what is found. */
export const otherKeys: Law = {
  name: "other-keys",
  says: "finds the same, and says what the verdicts of both say, when another system on other keys is in the history",
  compare: (subject, tape) => {
    const { checker, events } = subject;
    const both = withForeign(subject, tape);
    if (both === null) return null;
    const own = new Set(events.flatMap((event) => (isRow(event) ? [event.key ?? ""] : [])));
    const foreign = new Set(both.there.flatMap((event) => (isRow(event) ? [event.key ?? ""] : [])));
    const kinds = (of: readonly HistoryEvent[], indexBefore: (index: number) => number): string[] =>
      findingOf(checker, of, indexBefore)
        .anomalies.filter(({ key, operations }) =>
          own.has(key) === foreign.has(key) ? /(^|,)\d/.test(operations) : own.has(key),
        )
        .map(({ type, key }) => `${type} ${key}`);
    const oneEach = (found: readonly string[]): string[] => [...new Set(found)].sort();
    return {
      expected: {
        kinds: oneEach(kinds(events, (index) => index)),
        verdict: mergedVerdict([verdictOf(checker, events), verdictOf(checker, both.there)]),
      },
      found: {
        kinds: oneEach(kinds(both.events, (index) => both.indexBefore[index] ?? -1)),
        verdict: verdictOf(checker, both.events),
      },
    };
  },
};

/** Both histories in one, and what is there of the other: its rows, and the faults and phases of both. */
function withForeign(subject: LawSubject, tape: ChoiceTape) {
  if (subject.vocabulary.isOneObject === true) return null;
  const both = merged(subject.events, foreignRows(subject), tape.below(40));
  const there = both.events.filter((event) => !isRow(event) || both.indexBefore[event.index] === -1);
  return { ...both, there };
}

/** Somebody calls functions that no promise is about, and services record what no checker reads. */
export const otherFunctions: Law = {
  name: "other-functions",
  says: "finds the same when other functions are called and other things recorded",
  compare: (subject, tape) => {
    const key = keyOf(subject.events, tape);
    const call = { process: "visitor", client: 900, f: "browse", ...key, index: 0, time: 0 };
    return withInserted(subject, tape, [
      { ...call, type: "invoke", value: [["r", "k0", 1]] },
      { ...call, type: "ok", value: { version: 1, value: 7 } },
      { index: 0, time: 0, type: "record", f: "noise", key: "k0", value: { step: "x" }, final: true },
    ]);
  },
};

/** A session of its own asks for what others asked for, with values of its own, and is refused. */
export const failingSessions: Law = {
  name: "failing-sessions",
  says: "finds the same when others call and only fail",
  compare: (subject, tape) => {
    const asked = withOtherValues(subject.events, subject.vocabulary, "refused ").filter(
      (event): event is Operation => event.type === "invoke",
    );
    if (asked.length === 0) return null;
    const { final: _, ...call } = tape.pick(asked);
    const other = { ...call, process: "unlucky", client: 901 };
    const { value: __, ...answered } = other;
    return withInserted(subject, tape, [
      other,
      { ...answered, type: "fail", error: { code: "unavailable" } },
    ]);
  },
};

/** Events, one after the other, with the times of both and the index that each had among the first; −1 for the others. */
interface Merged {
  readonly events: HistoryEvent[];
  readonly indexBefore: readonly number[];
}

/** What the other history has on other keys, at the same nodes: no faults and no phases, other processes and clients. */
export function foreignRows({ others, vocabulary }: LawSubject): HistoryEvent[] {
  const rows = others.filter(isRow);
  return withOtherKeys(rows, vocabulary)
    .filter(isRow)
    .map((row, index) => {
      const { node } = rows[index]!;
      const elsewhere = row.key === undefined && vocabulary.keys === undefined ? { key: "elsewhere" } : {};
      return { ...row, ...elsewhere, ...(node === undefined ? {} : { node }), index };
    });
}

/** Both in the order of time, the second later by `delay` milliseconds or steps. */
export function merged(
  events: readonly HistoryEvent[],
  foreign: readonly HistoryEvent[],
  delay: number,
): Merged {
  const step = events.length > 1 && events[1]!.time >= 1000 ? events[1]!.time : 1;
  const later = foreign.map((event) => ({
    event: { ...event, time: event.time + delay * step },
    before: -1,
  }));
  const own = events.map((event) => ({ event, before: event.index }));
  const all = [...own, ...later].sort((a, b) => a.event.time - b.event.time);
  return {
    events: all.map(({ event }, index) => ({ ...event, index })),
    indexBefore: all.map(({ before }) => before),
  };
}

function withInserted({ checker, events }: LawSubject, tape: ChoiceTape, added: readonly HistoryEvent[]) {
  // Where nothing was examined, what is added may be the first thing that is.
  if (verdictOf(checker, events) === null) return null;
  const at = tape.below(events.length + 1);
  const { time } = events[Math.max(0, at - 1)] ?? { time: 0 };
  const all = [
    ...events.slice(0, at),
    ...added.map((event) => ({ ...event, time: events.length === 0 || at === 0 ? 0 : time })),
    ...events.slice(at),
  ].map((event, index) => ({ ...event, index }));
  return { expected: kindsOf(checker, events), found: kindsOf(checker, all) };
}

/** The key of some row, or none where rows have no key. */
function keyOf(events: readonly HistoryEvent[], tape: ChoiceTape): { readonly key?: string } {
  const keys = events.flatMap((event) => (isRow(event) && event.key !== undefined ? [event.key] : []));
  return keys.length === 0 || tape.once(3) ? {} : { key: tape.pick(keys) };
}
