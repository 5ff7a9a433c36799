import type { AnomalyList } from "../anomaly-list.ts";
import { ABSENT } from "../entity/versioned-entity.ts";
import { evidenceOf } from "../history/describe-operation.ts";
import { type ChainFacts, couldStore, type VersionFacts } from "./chain-facts.ts";
import {
  atVersion,
  createdText,
  keyOf,
  operation,
  readText,
  sessionOf,
  storedText,
  tryText,
  versionText,
} from "./chain-wording.ts";

/**
 * Rules that concern one version at a time, whatever the order in time: at most one winner per expected
 * version, versions that increase by one, one value per version. True for every proof by itself.
 */
export function checkWritersAndValues(facts: ChainFacts, anomalies: AnomalyList): void {
  const open = firstOpen(facts);
  for (const { expected, first, second } of facts.rivals) {
    if (facts.kind === "opaque" && canComeBack(facts, open, expected, first, second)) continue;
    addRivals(facts, expected, first, second, anomalies);
  }
  for (const { expected, version, write } of facts.jumps) {
    const row = evidenceOf(facts.history, write);
    const isRising = facts.kind === "rising";
    const rule = isRising ? "versions rise" : `versions increase by one: ${expected + 1} was due`;
    const proof = () => `${storedText(facts, write, expected, version)}, but ${rule}`;
    const type = isRising ? "version-not-rising" : "version-gap";
    anomalies.add({ type, key: facts.key, rows: [row], proof });
  }
  const rivals: Rivals = {
    seconds: new Set(facts.rivals.map(({ second }) => second)),
    pairs: new Set(facts.rivals.map(({ first, second }) => `${first} ${second}`)),
  };
  for (const entry of facts.doubtful) {
    if (entry.otherAcks.length > 0 && facts.kind !== "opaque")
      addSharedVersion(facts, entry, rivals, anomalies);
    if (entry.differingRead >= 0) addTwoValues(facts, entry, anomalies);
    if (entry.lastRead >= 0 && entry.ack >= 0) checkSurvivor(facts, entry, anomalies);
  }
}

/** The first row at which a write was sent that may have led to any version; infinity where none was. */
function firstOpen({ unstated, unknownCreates, unknownUpdates }: ChainFacts): number {
  let first = Math.min(
    unstated[0] ?? Number.POSITIVE_INFINITY,
    unknownCreates[0] ?? Number.POSITIVE_INFINITY,
  );
  for (const [row] of unknownUpdates.values()) first = Math.min(first, row ?? Number.POSITIVE_INFINITY);
  return first;
}

/**
 * Can a version that two writes were based on have come back between them, or have stayed, for one of the two led to it
 * again? Then both may have found it.
 */
function canComeBack(
  facts: ChainFacts,
  open: number,
  expected: number,
  first: number,
  second: number,
): boolean {
  const { history } = facts;
  const from = Math.min(first, second);
  const to = Math.max(history.mate[first]!, history.mate[second]!);
  if (facts.hasUntold || open < to) return true;
  const entry = facts.versions.get(expected);
  if (entry === undefined || entry.ack < 0) return false;
  const isBetween = (write: number): boolean => history.mate[write]! > from && write < to;
  return isBetween(entry.ack) || entry.otherAcks.some(isBetween);
}

function addRivals(
  facts: ChainFacts,
  expected: number,
  first: number,
  second: number,
  anomalies: AnomalyList,
): void {
  const { history, key } = facts;
  const firstRow = evidenceOf(history, first);
  const secondRow = evidenceOf(history, second);
  const what = expected === ABSENT ? "creation" : "write";
  const basis = expected === ABSENT ? "" : `, based on version ${versionText(facts, expected)},`;
  const found = expected === ABSENT ? "that it was not there yet" : "that version";
  if (firstRow < second) {
    const proof = () =>
      `${sessionOf(facts, second)} was told that its ${what} of ${keyOf(facts)}${basis} is stored ` +
      `(${operation(facts, secondRow)}), but it was sent after ${sessionOf(facts, first)} had been told the same ` +
      `(${operation(facts, firstRow)}): it cannot have found ${found}`;
    anomalies.add({ type: "stale-accept", key, rows: [secondRow, firstRow], proof });
    return;
  }
  const proof = () =>
    `${sessionOf(facts, first)} (${operation(facts, firstRow)}) and ${sessionOf(facts, second)} ` +
    `(${operation(facts, secondRow)}) were both told that their ${what} of ${keyOf(facts)}${basis} is stored; ` +
    `only one of them can have found ${found}`;
  anomalies.add({ type: "two-winners", key, rows: [firstRow, secondRow], proof });
}

/** Writes that are told as two winners already. */
interface Rivals {
  readonly seconds: ReadonlySet<number>;
  readonly pairs: ReadonlySet<string>;
}

/** Two writes were acknowledged with one version although they expected different ones. */
function addSharedVersion(
  facts: ChainFacts,
  entry: VersionFacts,
  rivals: Rivals,
  anomalies: AnomalyList,
): void {
  for (const other of entry.otherAcks) {
    const pair = `${Math.min(entry.ack, other)} ${Math.max(entry.ack, other)}`;
    if (rivals.seconds.has(other) || rivals.pairs.has(pair)) continue;
    const firstRow = evidenceOf(facts.history, entry.ack);
    const otherRow = evidenceOf(facts.history, other);
    const proof = () =>
      `${sessionOf(facts, entry.ack)} (${operation(facts, firstRow)}) and ${sessionOf(facts, other)} ` +
      `(${operation(facts, otherRow)}) were both told that they wrote version ${versionText(facts, entry.version)} of ${keyOf(facts)}`;
    anomalies.add({ type: "version-reused", key: facts.key, rows: [firstRow, otherRow], proof });
  }
}

function addTwoValues(facts: ChainFacts, entry: VersionFacts, anomalies: AnomalyList): void {
  const { firstRead, differingRead } = entry;
  const proof = () => `${readText(facts, firstRead)}, but ${readText(facts, differingRead)}`;
  anomalies.add({ type: "version-reused", key: facts.key, rows: [firstRead, differingRead], proof });
}

/** Does the value that is last seen at a version belong to the write that was told it had stored it? */
function checkSurvivor(facts: ChainFacts, entry: VersionFacts, anomalies: AnomalyList): void {
  const acks = [entry.ack, ...entry.otherAcks];
  const lost = acks.filter((ack) => !couldStore(facts, ack, entry.lastRead));
  const writer = lost.length === 0 ? -1 : writerOfLast(facts, entry, acks);
  for (const ack of lost) {
    const ackRow = evidenceOf(facts.history, ack);
    const told = () => atVersion(facts, ack, entry.version);
    if (writer < 0) {
      const proof = () =>
        `${told()}, but ${readText(facts, entry.lastRead)}: a value that no operation tried to store there`;
      anomalies.add({ type: "value-mismatch", key: facts.key, rows: [ackRow, entry.lastRead], proof });
    } else {
      const writerRow = evidenceOf(facts.history, writer);
      const proof = () =>
        `${told()}, but version ${versionText(facts, entry.version)} holds ${tryText(facts, writer)}, as ` +
        `${sessionOf(facts, entry.lastRead)} read (${operation(facts, entry.lastRead)})`;
      const rows = [ackRow, writerRow, entry.lastRead] as const;
      anomalies.add({ type: "lost-update", key: facts.key, rows, proof });
    }
  }
}

function writerOfLast(facts: ChainFacts, entry: VersionFacts, acks: readonly number[]): number {
  const tried = [
    ...acks,
    ...facts.unstated,
    ...(facts.unknownUpdates.get(entry.version) ?? []),
    ...(facts.refusedUpdates.get(entry.version) ?? []),
    ...(facts.creates.includes(entry.ack) ? [...facts.unknownCreates, ...facts.refusedCreates] : []),
  ];
  return tried.find((write) => couldStore(facts, write, entry.lastRead)) ?? -1;
}

/**
 * Version `version` was there, but no operation can have written it: neither as the first (`before` is null) nor after
 * `before`. Names the operation that was told that it did not happen and whose value is stored nevertheless, where
 * there is one.
 */
export function addUnwritten(
  facts: ChainFacts,
  entry: VersionFacts,
  before: VersionFacts | null,
  anomalies: AnomalyList,
): void {
  const isCreation = before === null;
  const { history, key } = facts;
  const refused = (isCreation ? facts.refusedCreates : facts.refusedUpdates.get(entry.version)) ?? [];
  const denied =
    entry.firstRead < 0 ? undefined : refused.find((row) => couldStore(facts, row, entry.firstRead));
  const shown = () => readText(facts, entry.anyRead);
  if (denied !== undefined) {
    const deniedRow = history.mate[denied]!;
    const expected = isCreation ? ABSENT : entry.version - 1;
    const isConflict = facts.conflicts.get(expected)?.includes(denied) ?? false;
    const proof = () =>
      `${sessionOf(facts, denied)} was told that its write of ${keyOf(facts)} did not happen ` +
      `${isConflict ? "because of a conflict " : ""}(${operation(facts, deniedRow)}), but ${readText(facts, entry.firstRead)}: ` +
      "the value that this write asked to store, and no other write can have stored it";
    const type = isConflict ? "false-conflict" : "refused-update-stored";
    anomalies.add({ type, key, rows: [deniedRow, entry.firstRead], proof });
  } else if (isCreation) {
    const row = entry.anyRead >= 0 ? entry.anyRead : rowOf(facts, entry);
    const proof = () =>
      `${createdText(facts)}, but version ${entry.version} was there (${operation(facts, row)}) and no operation ` +
      "can have created it";
    anomalies.add({ type: "read-off-chain", key, rows: [facts.absent, row], proof });
  } else if (entry.anyRead >= 0) {
    const proof = () => `${shown()}, which no operation can have written: ${beforeText(facts, before)}`;
    anomalies.add({ type: "read-off-chain", key, rows: [entry.anyRead, rowOf(facts, before)], proof });
  } else {
    const winnerRow = history.mate[entry.winner]!;
    const proof = () =>
      `${atVersion(facts, entry.winner, entry.version + 1)}, based on version ${entry.version}, which no operation ` +
      `can have written: ${beforeText(facts, before)}`;
    anomalies.add({ type: "version-gap", key, rows: [winnerRow, rowOf(facts, before)], proof });
  }
}

/** An operation that shows that this version was there. */
function rowOf(facts: ChainFacts, { seen, winner }: VersionFacts): number {
  return seen >= 0 ? seen : facts.history.mate[winner]!;
}

/** Without it the version that nobody wrote could be the one at the start. */
function beforeText(facts: ChainFacts, before: VersionFacts): string {
  return `version ${before.version} was there, too (${operation(facts, rowOf(facts, before))})`;
}

/** Versions between two known ones are missing: nobody can have written `missing`. */
export function addGap(
  facts: ChainFacts,
  missing: number,
  before: VersionFacts,
  after: VersionFacts,
  anomalies: AnomalyList,
): void {
  const row = rowOf(facts, after);
  const proof = () =>
    `version ${after.version} of ${keyOf(facts)} was there (${operation(facts, row)}), but no operation can have ` +
    `written version ${missing}, which must come before it: ${beforeText(facts, before)}`;
  anomalies.add({ type: "version-gap", key: facts.key, rows: [row, rowOf(facts, before)], proof });
}
