import type { ChainFacts, VersionFacts } from "./chain-facts.ts";

/** Notes that a version has more than one value or writer. */
export function doubt(facts: ChainFacts, entry: VersionFacts): void {
  if (entry.isDoubtful) return;
  entry.isDoubtful = true;
  facts.doubtful.push(entry);
}

/** Shared by all versions that have one writer at most, which are nearly all. Never added to. */
const none: number[] = [];

/** What is known of a version so far. */
export function entryOf(facts: ChainFacts, version: number): VersionFacts {
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

/** The earlier of two rows, of which the first may be −1. */
export function earlier(known: number, row: number): number {
  return known < 0 ? row : Math.min(known, row);
}

/** Notes a further write that was acknowledged with a version. */
export function addWriter(facts: ChainFacts, entry: VersionFacts, row: number): void {
  if (entry.otherAcks === none) entry.otherAcks = [];
  entry.otherAcks.push(row);
  doubt(facts, entry);
}
