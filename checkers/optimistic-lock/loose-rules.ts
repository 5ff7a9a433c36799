import type { AnomalyList } from "../anomaly-list.ts";
import { evidenceOf } from "../history/describe-operation.ts";
import type { ChainFacts, VersionFacts } from "./chain-facts.ts";
import { keyOf, operation, sessionOf, versionText } from "./chain-wording.ts";

/**
 * What can be said in the course of time where versions may skip or have no order: an update on a version that was
 * known to be superseded (of `rising` versions only), and a conflict over a version that nobody can have changed.
 * n log n in the operations of an entity.
 */
export function checkLooseTiming(facts: ChainFacts, anomalies: AnomalyList): void {
  if (facts.kind === "rising") checkSuperseded(facts, anomalies);
  for (const [expected, rows] of facts.conflicts) {
    const entry = facts.versions.get(expected);
    if (entry === undefined || entry.seen < 0) continue;
    const changer = firstChanger(facts, entry);
    for (const row of rows) {
      const end = facts.history.mate[row]!;
      if (entry.seen < row && changer > end) addUnchanged(facts, entry, end, anomalies);
    }
  }
}

/** The first row at which a write was sent that can have changed the version; infinity where none was. */
function firstChanger(facts: ChainFacts, { version, winner }: VersionFacts): number {
  // Each list is in history order, and so is the first of all that were acknowledged.
  const firsts = [
    facts.unstated[0],
    facts.unknownUpdates.get(version + 1)?.[0],
    winner < 0 ? undefined : winner,
  ];
  return Math.min(...firsts.map((row) => row ?? Number.POSITIVE_INFINITY));
}

function addUnchanged(facts: ChainFacts, entry: VersionFacts, end: number, anomalies: AnomalyList): void {
  const proof = () =>
    `${sessionOf(facts, end)} was told that its update from version ${versionText(facts, entry.version)} of ${keyOf(facts)} ` +
    `conflicts (${operation(facts, end)}), but that version was there (${operation(facts, entry.seen)}), and no operation ` +
    "can have changed it by then";
  anomalies.add({ type: "false-conflict", key: facts.key, rows: [end, entry.seen], proof });
}

function checkSuperseded(facts: ChainFacts, anomalies: AnomalyList): void {
  const shown = [...facts.versions.values()].filter(({ seen }) => seen >= 0).sort((a, b) => a.seen - b.seen);
  const told = new Set(facts.rivals.map(({ second }) => second));
  const updates = facts.updates.toSorted((a, b) => a.write - b.write);
  let at = 0;
  let highest: VersionFacts | null = null;
  for (const { expected, write } of updates) {
    for (; at < shown.length && shown[at]!.seen < write; at++) {
      if (highest === null || shown[at]!.version > highest.version) highest = shown[at]!;
    }
    if (highest === null || highest.version <= expected || told.has(write)) continue;
    const { version, seen } = highest;
    const row = evidenceOf(facts.history, write);
    const proof = () =>
      `${sessionOf(facts, write)} was told that its update of ${keyOf(facts)} from version ${expected} is stored ` +
      `(${operation(facts, row)}), but it was sent after version ${version} had been there (${operation(facts, seen)})`;
    anomalies.add({ type: "stale-accept", key: facts.key, rows: [row, seen], proof });
  }
}
