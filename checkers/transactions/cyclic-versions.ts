import type { ToldProof } from "../anomaly-list.ts";
import { dependencyGraph, type EdgeList } from "./dependency-graph.ts";
import type { IsolationEvidence } from "./isolation-evidence.ts";
import { COMMITTED, type RegisterTransactions } from "./register-transactions.ts";
import { CycleSearch } from "./shortest-cycle.ts";
import { knots, strongComponents } from "./strong-components.ts";
import { keyText, rowOf, seenText, transactionName } from "./transaction-words.ts";
import type { VersionReasons } from "./version-reasons.ts";

/**
 * Adds for each key whose versions, by the assumptions, would have to follow themselves an anomaly with the
 * shortest such cycle that is found. Answers the keys. Linear.
 */
export function addCyclicVersions(
  txns: RegisterTransactions,
  assumed: EdgeList,
  reasons: VersionReasons,
  evidence: IsolationEvidence,
): Set<number> {
  const broken = new Set<number>();
  if (assumed.length === 0) return broken;
  const versions = txns.writer.length;
  const graph = dependencyGraph(assumed, versions, versions);
  const rank = strongComponents(graph, anyKind);
  const search = new CycleSearch(graph);
  for (const members of knots(graph, rank)) {
    broken.add(txns.versionKey[members[0]!]!);
    addCycle(txns, rank, search, members[0]!, reasons, evidence);
  }
  return broken;
}

const anyKind = 0xff;

function addCycle(
  txns: RegisterTransactions,
  rank: Int32Array,
  search: CycleSearch,
  start: number,
  reasons: VersionReasons,
  evidence: IsolationEvidence,
): void {
  const cycle = search.through(start, { first: anyKind, rest: anyKind, isSpaced: false, rank });
  if (cycle === null) return;
  const key = txns.keys[txns.versionKey[start]!]!;
  const values = cycle.nodes.map((version) => seenText(key, txns.versionValue[version] ?? null));
  const shown = cycle.nodes
    .map((version) => touching(txns, version))
    .filter((transaction) => transaction >= 0);
  const [first = 0, ...others] = [...new Set(shown)].map((transaction) => rowOf(txns, transaction));
  const nameOf = (transaction: number): string => transactionName(txns, transaction);
  const proof = (): ToldProof => {
    const steps = cycle.nodes
      .map((from, at) => reasons(from, cycle.nodes[(at + 1) % cycle.nodes.length]!, nameOf))
      .filter((step) => step !== null);
    const text =
      `by what was assumed of the order of the values of ${keyText(key)}, ${values.join(" came before ")} came before ` +
      `${values[0]} again: ${steps.map((step) => step.text).join("; ")}`;
    return { text, rows: steps.flatMap(({ shownBy }) => shownBy).map((one) => rowOf(txns, one)) };
  };
  evidence.add({ type: "cyclic-versions", key: -1, rows: [first, ...others], proof });
}

/** A transaction that wrote a version or, where nobody did, the first one that read it; −1. */
function touching(txns: RegisterTransactions, version: number): number {
  const by = txns.writer[version]!;
  if (by >= 0) return txns.owner[by]!;
  const { count, starts, owner, outcome } = txns;
  for (let at = 0; at < starts[count]!; at++) {
    if (txns.version[at] === version && outcome[owner[at]!] === COMMITTED) return owner[at]!;
  }
  return -1;
}
