import type { EntityCalls } from "../entity/entity-calls.ts";
import { ABSENT, MALFORMED, UNSTATED } from "../entity/versioned-entity.ts";
import { isSameJson } from "../history/json-value.ts";
import type { ChainFacts } from "./chain-facts.ts";
import type { ChainReading } from "./chain-reading.ts";
import { addWriter, doubt, earlier, entryOf } from "./version-entries.ts";

/** What an acknowledged write says of the versions of its entity. */
export function collectAck(
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
  if (reading.kind !== "consecutive") {
    collectLooseAck(facts, calls, at, stated);
    return;
  }
  if (version === UNSTATED && expected !== UNSTATED) {
    version = expected === ABSENT ? facts.createdVersion : expected + 1;
  } else if (expected === UNSTATED && version > 0) expected = version - 1;
  if (version < 0 || expected === UNSTATED) {
    facts.unclear ??= { row: mate, what: "is acknowledged without a version" };
    return;
  }
  if (expected === ABSENT) collectCreate(facts, row);
  else {
    if (version !== expected + 1) facts.jumps.push({ expected, version, write: row });
    collectWinner(facts, expected, row);
  }
  collectVersion(facts, calls, at, version);
}

/** A version that may be any tells nothing of one that is not stated. */
function collectLooseAck(facts: ChainFacts, calls: EntityCalls, at: number, expected: number): void {
  const row = calls.rows[at]!;
  const version = calls.version[at]!;
  if (version === MALFORMED) {
    facts.unclear ??= { row: calls.end[at]!, what: "is acknowledged with something that is no version" };
    return;
  }
  if (expected === ABSENT) collectCreate(facts, row);
  else if (expected === UNSTATED) facts.unstated.push(row);
  else {
    if (facts.kind === "rising" && version !== UNSTATED && version <= expected)
      facts.jumps.push({ expected, version, write: row });
    collectWinner(facts, expected, row);
    facts.updates.push({ expected, write: row });
  }
  if (version === UNSTATED) facts.hasUntold = true;
  else collectVersion(facts, calls, at, version);
}

function collectWinner(facts: ChainFacts, expected: number, row: number): void {
  const base = entryOf(facts, expected);
  if (base.winner < 0) base.winner = row;
  else facts.rivals.push({ expected, first: base.winner, second: row });
}

function collectVersion(facts: ChainFacts, calls: EntityCalls, at: number, version: number): void {
  const row = calls.rows[at]!;
  const mate = calls.end[at]!;
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
    addWriter(facts, entry, row);
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
