import {
  ABSENT,
  type EntityFields,
  MALFORMED,
  UNSTATED,
  valueWritten,
  versionAcknowledged,
  versionExpected,
  versionShown,
} from "../entity/versioned-entity.ts";
import { FAIL, type History, INVOKE, OK } from "../history/history.ts";
import { fieldOf, isSameJson } from "../history/json-value.ts";
import type { Json } from "../history/operation.ts";
import { type ChainFacts, outcomeOf, type VersionFacts } from "./chain-facts.ts";

// Roles of the functions, in the order of `ChainReading.roles`.
const READ = 0;
const CREATE = 1;
const DELETE = 3;

/** How operations are to be read. */
export interface ChainReading {
  readonly fields: Required<EntityFields>;
  /** For each function its role; 0 read, 1 create, 2 update, 3 delete, −1 none. */
  readonly roles: Int8Array;
  readonly conflictCodes: ReadonlySet<string>;
  /** The version of a creation whose acknowledgement names none. */
  readonly createdVersion: number;
}

/**
 * What the history says of each entity, in the order of the keys' numbers, no key first. Goes through the
 * history once, in its own order: rows that follow each other lie next to each other in memory. Linear.
 */
export function collectChains(history: History, reading: ChainReading): ChainFacts[] {
  const byKey: (ChainFacts | undefined)[] = new Array(history.keys.length + 1).fill(undefined);
  for (let row = 0; row < history.length; row++) {
    if (history.type[row] !== INVOKE) continue;
    const role = reading.roles[history.f[row]!]!;
    if (role < 0) continue;
    const key = history.key[row]!;
    let facts = byKey[key + 1];
    if (facts === undefined) {
      facts = emptyFacts(history, key, reading.fields);
      byKey[key + 1] = facts;
    }
    collectCall(facts, row, role, reading);
  }
  const collected = byKey.filter((facts) => facts !== undefined);
  for (const facts of collected) collectZeroWrites(facts, reading);
  return collected;
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
    zeroWrites: [],
    isZeroSeen: false,
    unclear: null,
  };
}

function collectCall(facts: ChainFacts, row: number, role: number, reading: ChainReading): void {
  if (role === READ) {
    collectRead(facts, row);
    return;
  }
  const outcome = outcomeOf(facts.history, row);
  if (role === DELETE) {
    if (outcome !== FAIL) facts.unclear ??= { row, what: "deletes it: versions may start anew" };
    return;
  }
  facts.writes++;
  const expected = role === CREATE ? ABSENT : versionExpected(facts.history, row, reading.fields);
  if (expected === 0) facts.zeroWrites.push(row);
  else collectWrite(facts, row, expected, outcome, reading);
}

/** Writes that expected 0 wait until it is known whether 0 is a version of the entity. */
function collectZeroWrites(facts: ChainFacts, reading: ChainReading): void {
  if (facts.zeroWrites.length === 0) return;
  const expected = facts.isZeroSeen ? 0 : ABSENT;
  for (const row of facts.zeroWrites) {
    collectWrite(facts, row, expected, outcomeOf(facts.history, row), reading);
  }
  for (const list of [facts.creates, facts.unknownCreates, facts.refusedCreates]) list.sort((a, b) => a - b);
}

function collectRead(facts: ChainFacts, row: number): void {
  const { history, fields } = facts;
  const mate = history.mate[row]!;
  if (mate < 0 || history.type[mate] !== OK) return;
  facts.examined++;
  const shown = history.value[mate];
  const version = versionShown(shown, fields);
  if (version === MALFORMED) facts.unclear ??= { row: mate, what: "reads something without a version" };
  else if (version === ABSENT) facts.absent = earlier(facts.absent, mate);
  else {
    if (version === 0) facts.isZeroSeen = true;
    const entry = entryOf(facts, version);
    entry.seen = earlier(entry.seen, mate);
    entry.anyRead = earlier(entry.anyRead, mate);
    const value = fieldOf(shown, fields.value);
    if (value !== undefined) collectValue(facts, entry, value, mate);
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
  row: number,
  expected: number,
  outcome: number,
  reading: ChainReading,
): void {
  if (expected === MALFORMED) facts.unclear ??= { row, what: "expects something that is no version" };
  else if (outcome === OK) collectAck(facts, row, expected, reading);
  else if (outcome === FAIL) collectRefusal(facts, row, expected, reading);
  else if (expected === UNSTATED) {
    facts.unclear ??= { row, what: "has an unknown outcome and does not say which version it expected" };
  } else if (expected === ABSENT) facts.unknownCreates.push(row);
  else pushTo(facts.unknownUpdates, expected + 1, row);
}

function collectAck(facts: ChainFacts, row: number, stated: number, reading: ChainReading): void {
  const { history, fields } = facts;
  const mate = history.mate[row]!;
  facts.examined++;
  let version = versionAcknowledged(history, mate, fields);
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
    entry.ackValue = valueWritten(history, row, fields);
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
  const [first] = facts.creates;
  if (first !== undefined) facts.rivals.push({ expected: ABSENT, first, second: row });
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
