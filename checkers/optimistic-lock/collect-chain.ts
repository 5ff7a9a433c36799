import type { EntityCalls } from "../entity/entity-calls.ts";
import { DELETE, READ } from "../entity/key-kind.ts";
import { ABSENT, type EntityFields, MALFORMED, UNSTATED } from "../entity/versioned-entity.ts";
import { FAIL, type History, OK } from "../history/history.ts";
import { isSameJson } from "../history/json-value.ts";
import type { Json } from "../history/operation.ts";
import type { ChainFacts, VersionFacts } from "./chain-facts.ts";

/** How operations are to be read. */
export interface ChainReading {
  readonly fields: Required<EntityFields>;
  readonly conflictCodes: ReadonlySet<string>;
  /** The version of a creation whose acknowledgement names none. */
  readonly createdVersion: number;
}

/** What the history says of the entity at `position` in `calls.keys`. Linear in its calls. */
export function collectChain(
  history: History,
  calls: EntityCalls,
  position: number,
  reading: ChainReading,
): ChainFacts {
  const facts = emptyFacts(history, calls.keys[position]!, reading.fields);
  const zeroWrites: number[] = [];
  for (let at = calls.starts[position]!; at < calls.starts[position + 1]!; at++) {
    const role = calls.role[at]!;
    if (role === READ) collectRead(facts, calls, at);
    else if (role === DELETE) {
      if (calls.outcome[at] === FAIL) continue;
      facts.unclear ??= { row: calls.rows[at]!, what: "deletes it: versions may start anew" };
    } else {
      facts.writes++;
      const expected = calls.expected[at]!;
      if (expected === 0) zeroWrites.push(at);
      else collectWrite(facts, calls, at, expected, reading);
    }
  }
  if (zeroWrites.length > 0) collectZeroWrites(facts, calls, zeroWrites, reading);
  return facts;
}

function emptyFacts(history: History, key: number, fields: Required<EntityFields>): ChainFacts {
  return {
    latest: null,
    examined: 0,
    writes: 0,
    versions: new Map(),
    history,
    fields,
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
    isZeroSeen: false,
    unclear: null,
  };
}

/** Writes that expected 0 wait until it is known whether 0 is a version of the entity. */
function collectZeroWrites(
  facts: ChainFacts,
  calls: EntityCalls,
  writes: readonly number[],
  reading: ChainReading,
): void {
  const expected = facts.isZeroSeen ? 0 : ABSENT;
  for (const at of writes) collectWrite(facts, calls, at, expected, reading);
  for (const list of [facts.creates, facts.unknownCreates, facts.refusedCreates]) list.sort((a, b) => a - b);
}

function collectRead(facts: ChainFacts, calls: EntityCalls, at: number): void {
  if (calls.outcome[at] !== OK) return;
  facts.examined++;
  const read = calls.end[at]!;
  const version = calls.version[at]!;
  if (version === MALFORMED) facts.unclear ??= { row: read, what: "reads something without a version" };
  else if (version === ABSENT) facts.absent = earlier(facts.absent, read);
  else {
    if (version === 0) facts.isZeroSeen = true;
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

function doubt(facts: ChainFacts, entry: VersionFacts): void {
  if (entry.isDoubtful) return;
  entry.isDoubtful = true;
  facts.doubtful.push(entry);
}

function collectWrite(
  facts: ChainFacts,
  calls: EntityCalls,
  at: number,
  expected: number,
  reading: ChainReading,
): void {
  const row = calls.rows[at]!;
  const outcome = calls.outcome[at]!;
  if (expected === MALFORMED) facts.unclear ??= { row, what: "expects something that is no version" };
  else if (outcome === OK) collectAck(facts, calls, at, expected, reading);
  else if (outcome === FAIL) collectRefusal(facts, row, expected, reading);
  else if (expected === UNSTATED) {
    facts.unclear ??= { row, what: "has an unknown outcome and does not say which version it expected" };
  } else if (expected === ABSENT) facts.unknownCreates.push(row);
  else pushTo(facts.unknownUpdates, expected + 1, row);
}

function collectAck(
  facts: ChainFacts,
  calls: EntityCalls,
  at: number,
  stated: number,
  reading: ChainReading,
): void {
  const row = calls.rows[at]!;
  const mate = calls.end[at]!;
  facts.examined++;
  let version = calls.version[at]!;
  let expected = stated;
  if (version === UNSTATED && expected !== UNSTATED) {
    version = expected === ABSENT ? reading.createdVersion : expected + 1;
  } else if (expected === UNSTATED && version > 0) expected = version - 1;
  if (version < 0 || expected === UNSTATED) {
    facts.unclear ??= { row: mate, what: "is acknowledged without a version" };
    return;
  }
  if (expected === ABSENT) collectCreate(facts, row);
  else {
    const base = entryOf(facts, expected);
    if (version !== expected + 1) facts.jumps.push({ expected, version, write: row });
    if (base.winner < 0) base.winner = row;
    else facts.rivals.push({ expected, first: base.winner, second: row });
  }
  if (version === 0) facts.isZeroSeen = true;
  const entry = entryOf(facts, version);
  entry.seen = earlier(entry.seen, mate);
  if (entry.ack < 0) {
    entry.ack = row;
    entry.ackValue = calls.value[at];
    const { readValue, ackValue } = entry;
    if (readValue !== undefined && ackValue !== undefined && !isSameJson(readValue, ackValue)) {
      doubt(facts, entry);
    }
  } else {
    if (entry.otherAcks === none) entry.otherAcks = [];
    entry.otherAcks.push(row);
    doubt(facts, entry);
  }
}

function collectCreate(facts: ChainFacts, row: number): void {
  const [other] = facts.creates;
  if (other !== undefined) {
    facts.rivals.push({ expected: ABSENT, first: Math.min(other, row), second: Math.max(other, row) });
  }
  facts.creates.push(row);
  facts.absent = earlier(facts.absent, facts.history.mate[row]!);
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

/** Shared by all versions that have one writer at most, which are nearly all. Never added to. */
const none: number[] = [];

function entryOf(facts: ChainFacts, version: number): VersionFacts {
  if (facts.latest?.version === version) return facts.latest;
  let entry = facts.versions.get(version);
  if (entry === undefined) {
    entry = {
      version,
      writer: -1,
      ack: -1,
      otherAcks: none,
      winner: -1,
      seen: -1,
      firstRead: -1,
      differingRead: -1,
      lastRead: -1,
      anyRead: -1,
      readValue: undefined,
      ackValue: undefined,
      isDoubtful: false,
    };
    facts.versions.set(version, entry);
  }
  facts.latest = entry;
  return entry;
}

function earlier(known: number, row: number): number {
  return known < 0 ? row : Math.min(known, row);
}

function pushTo(lists: Map<number, number[]>, at: number, row: number): void {
  const list = lists.get(at);
  if (list === undefined) lists.set(at, [row]);
  else list.push(row);
}
