import { type DependencyGraph, dependencyGraph, EdgeList, LINK, RW, WR, WW } from "./dependency-graph.ts";
import { byteColumn, int32Column } from "./large-columns.ts";
import { type Dependencies, writeKind } from "./list-dependencies.ts";
import { COMMITTED, READ, type RegisterTransactions } from "./register-transactions.ts";
import { isInstalled, type RegisterVersions } from "./register-versions.ts";
import { forEachUpdate } from "./version-order.ts";

/** Versions that followed others, in two groups; each a graph of versions. */
export interface VersionSuccessors {
  /** By assumption, and whatever was written after what was there at first. */
  readonly certain: DependencyGraph;
  /** What a transaction wrote after it had read a version: it follows, or a read was not committed. */
  readonly updates: DependencyGraph;
}

/**
 * The versions known to follow each version. `assumed` holds pairs of versions; those of a key in `without`
 * are left out. Linear.
 */
export function versionSuccessors(
  txns: RegisterTransactions,
  facts: RegisterVersions,
  assumed: EdgeList,
  without: ReadonlySet<number>,
  areUpdatesKnown: boolean,
): VersionSuccessors {
  const { versionKey, writer } = txns;
  const versions = writer.length;
  const certain = new EdgeList(versions + assumed.length);
  for (let version = txns.keys.length; version < versions; version++) {
    const first = facts.initial[versionKey[version]!]!;
    if (version !== first && isInstalled(txns, facts, version)) certain.add(first, version, WW);
  }
  for (let at = 0; at < assumed.length; at++) {
    const [from, to] = [assumed.from[at]!, assumed.to[at]!];
    if (!without.has(versionKey[from]!) && isInstalled(txns, facts, to)) certain.add(from, to, WW);
  }
  const updates = new EdgeList(areUpdatesKnown ? txns.count : 16);
  if (areUpdatesKnown) {
    forEachUpdate(txns, facts, (read, write) => updates.add(txns.version[read]!, txns.version[write]!, RW));
  }
  return {
    certain: dependencyGraph(certain, versions, versions),
    updates: dependencyGraph(updates, versions, versions),
  };
}

/**
 * The relations between transactions: who read what (wr), and, as far as the order of versions is known,
 * who wrote after that (ww) and after what was read (rw). Where several versions follow one, a helper node
 * stands for them all. Only what a transaction read from others, and what it left behind, counts. Linear.
 */
export function registerDependencies(
  txns: RegisterTransactions,
  facts: RegisterVersions,
  { certain, updates }: VersionSuccessors,
): Dependencies {
  const { count, starts, kind, version, owner, outcome, writer } = txns;
  const edges = new EdgeList(3 * starts[count]! + 16);
  const next = { nodes: count };
  const isRead = externallyRead(txns, facts);
  const afterAll = fanOut(txns, certain, edges, isRead, next);
  const afterUpdates = fanOut(txns, updates, edges, isRead, next);
  const isSure = areSure(txns, certain);
  for (let from = 0; from < writer.length; from++) {
    const target = afterAll[from]!;
    if (target < 0 || !isInstalled(txns, facts, from)) continue;
    const by = owner[writer[from]!]!;
    if (by !== target) edges.add(by, target, isSure[from] === 1 ? writeKind(txns, by, by) : WR);
  }
  const size = starts[count]!;
  for (let at = 0; at < size; at++) {
    const transaction = owner[at]!;
    if (kind[at] !== READ || facts.previous[at]! >= 0 || outcome[transaction] !== COMMITTED) continue;
    const seen = version[at]!;
    if (seen < 0) continue;
    if (isInstalled(txns, facts, seen)) {
      const by = owner[writer[seen]!]!;
      if (by !== transaction) edges.add(by, transaction, WR);
    }
    for (const target of [afterAll[seen]!, afterUpdates[seen]!]) {
      if (target >= 0 && target !== transaction) edges.add(transaction, target, RW);
    }
  }
  return { edges, nodes: next.nodes };
}

/** 1 for each version after which only transactions wrote that committed. */
function areSure(
  { writer, owner, outcome }: RegisterTransactions,
  { heads, targets }: DependencyGraph,
): Uint8Array {
  const isSure = byteColumn(writer.length);
  for (let from = 0; from < writer.length; from++) {
    let at = heads[from]!;
    while (at < heads[from + 1]! && outcome[owner[writer[targets[at]!]!]!] === COMMITTED) at++;
    isSure[from] = at === heads[from + 1] ? 1 : 0;
  }
  return isSure;
}

/** 1 for each version that some committed transaction read from another. */
function externallyRead(txns: RegisterTransactions, facts: RegisterVersions): Uint8Array {
  const { count, starts, kind, version, owner, outcome, writer } = txns;
  const isRead = byteColumn(writer.length);
  const size = starts[count]!;
  for (let at = 0; at < size; at++) {
    const seen = version[at]!;
    if (seen < 0 || kind[at] !== READ || facts.previous[at]! >= 0) continue;
    if (outcome[owner[at]!] === COMMITTED) isRead[seen] = 1;
  }
  return isRead;
}

/**
 * For each version what stands for "wrote a later version": the one transaction that did, or a helper
 * node, or −1 where there is none, or nobody who could come before it.
 */
function fanOut(
  txns: RegisterTransactions,
  { heads, targets }: DependencyGraph,
  edges: EdgeList,
  isRead: Uint8Array,
  next: { nodes: number },
): Int32Array {
  const { writer, owner } = txns;
  const after = int32Column(writer.length).fill(-1);
  for (let from = 0; from < writer.length; from++) {
    const start = heads[from]!;
    const successors = heads[from + 1]! - start;
    if (successors === 0 || (isRead[from] === 0 && writer[from]! < 0)) continue;
    if (successors === 1) {
      after[from] = owner[writer[targets[start]!]!]!;
      continue;
    }
    after[from] = next.nodes++;
    for (let at = start; at < heads[from + 1]!; at++)
      edges.add(after[from]!, owner[writer[targets[at]!]!]!, LINK);
  }
  return after;
}
