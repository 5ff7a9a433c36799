import type { AnomalyList } from "../anomaly-list.ts";
import { keyName, operationName } from "../history/describe-operation.ts";
import { type ChainFacts, type ChainLink, couldStore, type VersionFacts } from "./chain-facts.ts";
import { chainStarts, type OrderProblem, orderProblem, startsTried } from "./chain-order.ts";
import { addGap, addUnwritten, checkWritersAndValues } from "./chain-rules.ts";
import { addOrderProblem } from "./chain-timing.ts";
import { checkLooseTiming } from "./loose-rules.ts";

/**
 * Judges one entity: adds what is broken to `anomalies`, or returns why it cannot be decided. Rules that hold for
 * single versions come first: nothing that is unclear elsewhere makes them less true. The order in time is looked at
 * only where the versions by themselves make a chain.
 */
export function checkChain(facts: ChainFacts, anomalies: AnomalyList): string | null {
  const before = anomalies.count;
  checkWritersAndValues(facts, anomalies);
  if (facts.unclear !== null) {
    const { row, what } = facts.unclear;
    return `${keyName(facts.history, facts.key)} was not judged: ${operationName(facts.history, row)} ${what}`;
  }
  if (facts.kind !== "consecutive") {
    checkLooseTiming(facts, anomalies);
    return null;
  }
  const entries = inOrder([...facts.versions.values()]);
  const [first] = entries;
  if (first === undefined) {
    // Nothing was ever there: only a creation that was refused as a conflict says something.
    const absent = { version: -1, writer: -1, seen: -1 };
    const problem = facts.absent < 0 ? null : orderProblem(facts, [absent]);
    if (problem !== null) addOrderProblem(facts, problem, anomalies);
    return null;
  }
  const links = followingLinks(facts, entries, anomalies);
  const starts = chainStarts(facts, first);
  const shortest = starts.next();
  if (shortest.done === true) addUnwritten(facts, first, null, anomalies);
  if (anomalies.count > before || shortest.done === true) return null;
  let problem = orderProblem(facts, [...shortest.value, ...links]);
  const firstProblem = problem;
  let tried = 1;
  while (problem !== null) {
    const next = starts.next();
    if (next.done === true) break;
    problem = orderProblem(facts, [...next.value, ...links]);
    tried++;
  }
  return problem === null || firstProblem === null ? null : conclude(facts, firstProblem, tried, anomalies);
}

function conclude(
  facts: ChainFacts,
  problem: OrderProblem,
  tried: number,
  anomalies: AnomalyList,
): string | null {
  if (tried > startsTried) {
    return `${keyName(facts.history, facts.key)} was not judged: more than ${startsTried} versions before the first known one`;
  }
  addOrderProblem(facts, problem, anomalies);
  return null;
}

/** By rising version; mostly they come so. */
function inOrder(entries: VersionFacts[]): VersionFacts[] {
  const isSorted = entries.every((entry, at) => at === 0 || entries[at - 1]!.version < entry.version);
  return isSorted ? entries : entries.sort((a, b) => a.version - b.version);
}

/** The links after the first: each version's writer, with the unseen versions between. */
function followingLinks(
  facts: ChainFacts,
  entries: readonly VersionFacts[],
  anomalies: AnomalyList,
): ChainLink[] {
  const links: ChainLink[] = [];
  // A gap that an acknowledged update jumped over was named with that update.
  const jumpedTo = new Set(facts.jumps.map(({ version }) => version));
  for (let at = 1; at < entries.length; at++) {
    const entry = entries[at]!;
    const writer = writerOf(facts, entry);
    if (writer < 0) addUnwritten(facts, entry, entries[at - 1]!, anomalies);
    else if (!jumpedTo.has(entry.version)) addBetween(facts, entries[at - 1]!, entry, links, anomalies);
    entry.writer = writer;
    links.push(entry);
  }
  return links;
}

function addBetween(
  facts: ChainFacts,
  before: VersionFacts,
  after: VersionFacts,
  links: ChainLink[],
  anomalies: AnomalyList,
): void {
  for (let version = before.version + 1; version < after.version; version++) {
    const writer = facts.unknownUpdates.get(version)?.[0];
    if (writer === undefined) {
      addGap(facts, version, before, after, anomalies);
      return;
    }
    links.push({ version, writer, seen: -1 });
  }
}

/** The acknowledged writer, else the first write of unknown outcome that fits; −1 where there is none. */
function writerOf(facts: ChainFacts, entry: VersionFacts): number {
  if (entry.ack >= 0) return entry.ack;
  const unknown = facts.unknownUpdates.get(entry.version);
  return unknown?.find((row) => couldStore(facts, row, entry.firstRead)) ?? -1;
}
