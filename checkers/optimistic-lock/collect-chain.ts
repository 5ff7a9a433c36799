import type { EntityCalls } from "../entity/entity-calls.ts";
import { DELETE, READ } from "../entity/key-kind.ts";
import { ABSENT, MALFORMED, UNSTATED } from "../entity/versioned-entity.ts";
import { FAIL, type History, INFO, OK } from "../history/history.ts";
import { isSameJson } from "../history/json-value.ts";
import type { Json } from "../history/operation.ts";
import type { ChainFacts, VersionFacts } from "./chain-facts.ts";
import type { ChainReading } from "./chain-reading.ts";
import { collectAck } from "./collect-acknowledged.ts";
import type { EntityLife } from "./entity-lives.ts";
import { doubt, earlier, entryOf } from "./version-entries.ts";

/**
 * What the history says of the entity at `position` in `calls.keys` while it lives. What was not answered before the end
 * of its first life is of unknown outcome, as in a history that is cut there. In a later life only writes count
 * that were sent and acknowledged in it: reads may be out of date and show an earlier one. Linear in its calls.
 */
export function collectChain(
  history: History,
  calls: EntityCalls,
  position: number,
  reading: ChainReading,
  life: EntityLife,
): ChainFacts {
  const isZeroVersion = reading.kind === "opaque" || reading.createdVersion === 0 || isZeroShown(calls, life);
  const zero = isZeroVersion ? 0 : ABSENT;
  const created = reading.createdVersion ?? (isZeroVersion ? 0 : 1);
  const facts = emptyFacts(history, calls.keys[position]!, reading, created);
  const isFirst = life.from < 0;
  for (let at = life.begin; at < life.end; at++) {
    const role = calls.role[at]!;
    if (role === DELETE) continue;
    const isWithin = calls.rows[at]! > life.from && calls.end[at]! >= 0 && calls.end[at]! < life.to;
    if (role === READ) {
      if (isFirst && isWithin) collectRead(facts, calls, at);
      continue;
    }
    facts.writes++;
    const expected = calls.expected[at]!;
    const outcome = isWithin ? calls.outcome[at]! : INFO;
    if (!isFirst && (outcome !== OK || expected === 0)) continue;
    collectWrite(facts, calls, at, expected === 0 ? zero : expected, outcome, reading);
  }
  return facts;
}

function emptyFacts(history: History, key: number, reading: ChainReading, created: number): ChainFacts {
  return {
    latest: null,
    examined: 0,
    writes: 0,
    versions: new Map(),
    history,
    fields: reading.fields,
    key,
    doubtful: [],
    absent: -1,
    creates: [],
    unknownCreates: [],
    refusedCreates: [],
    unknownUpdates: new Map(),
    refusedUpdates: new Map(),
    conflicts: new Map(),
    rivals: [],
    jumps: [],
    unstated: [],
    updates: [],
    hasUntold: false,
    createdVersion: created,
    kind: reading.kind,
    versionName: reading.versionName,
    unclear: null,
  };
}

/** Is 0 shown as a version? Else a write that expected 0 found nothing there. */
function isZeroShown(calls: EntityCalls, life: EntityLife): boolean {
  for (let at = life.begin; at < life.end; at++) {
    if (calls.version[at] === 0 && calls.outcome[at] === OK && calls.end[at]! < life.to) return true;
  }
  return false;
}

function collectRead(facts: ChainFacts, calls: EntityCalls, at: number): void {
  if (calls.outcome[at] !== OK) return;
  facts.examined++;
  const read = calls.end[at]!;
  const version = calls.version[at]!;
  if (version === MALFORMED) facts.unclear ??= { row: read, what: "reads something without a version" };
  else if (version === ABSENT) facts.absent = earlier(facts.absent, read);
  else {
    const entry = entryOf(facts, version);
    entry.seen = earlier(entry.seen, read);
    entry.anyRead = earlier(entry.anyRead, read);
    const value = calls.value[at];
    if (value !== undefined) collectValue(facts, entry, value, read);
  }
}

function collectValue(facts: ChainFacts, entry: VersionFacts, value: Json, read: number): void {
  if (entry.firstRead < 0) {
    entry.firstRead = read;
    entry.readValue = value;
    if (entry.ackValue !== undefined && !isSameJson(entry.ackValue, value)) doubt(facts, entry);
  } else if (entry.differingRead < 0 && !isSameJson(entry.readValue, value)) {
    entry.differingRead = read;
    doubt(facts, entry);
  }
  entry.lastRead = Math.max(entry.lastRead, read);
}

function collectWrite(
  facts: ChainFacts,
  calls: EntityCalls,
  at: number,
  expected: number,
  outcome: number,
  reading: ChainReading,
): void {
  const row = calls.rows[at]!;
  if (expected === MALFORMED) facts.unclear ??= { row, what: "expects something that is no version" };
  else if (outcome === OK) collectAck(facts, calls, at, expected, reading);
  else if (outcome === FAIL) collectRefusal(facts, row, expected, reading);
  else if (expected === UNSTATED) {
    facts.unstated.push(row);
    facts.unclear ??= { row, what: "has an unknown outcome and does not say which version it expected" };
  } else if (expected === ABSENT) facts.unknownCreates.push(row);
  else pushTo(facts.unknownUpdates, expected + 1, row);
}

function collectRefusal(facts: ChainFacts, row: number, expected: number, reading: ChainReading): void {
  if (expected === UNSTATED) return;
  if (expected === ABSENT) facts.refusedCreates.push(row);
  else pushTo(facts.refusedUpdates, expected + 1, row);
  const code = facts.history.error.get(facts.history.mate[row]!)?.code;
  if (code === undefined || !reading.conflictCodes.has(code)) return;
  facts.examined++;
  pushTo(facts.conflicts, expected, row);
}

function pushTo(lists: Map<number, number[]>, at: number, row: number): void {
  const list = lists.get(at);
  if (list === undefined) lists.set(at, [row]);
  else list.push(row);
}
