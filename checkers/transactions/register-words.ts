import { valueText } from "../history/describe-operation.ts";
import type { CycleNames, RelationWords, ToldRelation } from "./cycle-proof.ts";
import { type DependencyGraph, RW, WR } from "./dependency-graph.ts";
import { readText } from "./register-anomalies.ts";
import type { VersionSuccessors } from "./register-dependencies.ts";
import { COMMITTED, READ, type RegisterTransactions, UNKNOWN, WRITE } from "./register-transactions.ts";
import type { RegisterVersions } from "./register-versions.ts";
import { keyText } from "./transaction-words.ts";
import type { VersionReasons } from "./version-reasons.ts";

/** Words the relations between transactions on registers. */
export function registerWords(
  txns: RegisterTransactions,
  facts: RegisterVersions,
  successors: VersionSuccessors,
  reasons: VersionReasons,
): RelationWords {
  const relation: RelationWords["relation"] = (from, to, kind, { nameOf }) => {
    const [a, b] = [nameOf(from), nameOf(to)];
    const read = kind === WR ? wroteRead(txns, from, to, a, b) : null;
    if (read !== null) return { text: read, shownBy: [] };
    const before = operations(txns, facts, from, kind === RW ? READ : WRITE);
    for (const later of operations(txns, facts, to, WRITE)) {
      for (const earlier of before) {
        const why = reason(txns, facts, successors, reasons, earlier, later, nameOf);
        if (why === null) continue;
        const did = kind === RW ? "read" : "wrote";
        const value = valueText(txns.versionValue[txns.version[later]!] ?? null);
        const text = `${a} ${did} ${readText(txns, earlier)}, and ${b} wrote ${value}, which came later: ${why.text}`;
        return { text, shownBy: why.shownBy };
      }
    }
    return { text: `${b} wrote after ${a}`, shownBy: [] };
  };
  let reads: ReadonlyMap<number, readonly number[]> | null = null;
  return {
    relation,
    happened: (transaction, names) => {
      reads ??= readsOfUnknown(txns);
      return happened(txns, reads.get(transaction) ?? [], transaction, names);
    },
  };
}

/** The read that shows that a transaction happened; by one of the cycle, or else by the one that ended first. */
function happened(
  txns: RegisterTransactions,
  reads: readonly number[],
  transaction: number,
  { nodes, nameOf }: CycleNames,
): ToldRelation | null {
  const { owner, completion } = txns;
  const near = reads.filter((read) => nodes.has(owner[read]!));
  const shown = near.length > 0 ? near : reads;
  const end = (read: number): number => completion[owner[read]!]!;
  const [first, ...others] = shown;
  if (first === undefined) return null;
  const best = others.reduce((one, other) => (end(other) < end(one) ? other : one), first);
  const reader = owner[best]!;
  const text =
    `The outcome of ${nameOf(transaction)} is unknown, but ${nameOf(reader)} read ` +
    `${readText(txns, best)}, which it wrote`;
  return { text, shownBy: [reader] };
}

/** By transaction of unknown outcome: committed reads of what it wrote. Linear. */
function readsOfUnknown(txns: RegisterTransactions): ReadonlyMap<number, readonly number[]> {
  const { kind, version, owner, writer, outcome } = txns;
  const reads = new Map<number, number[]>();
  for (let at = 0; at < txns.starts[txns.count]!; at++) {
    const seen = version[at]!;
    if (kind[at] !== READ || seen < 0 || writer[seen]! < 0 || outcome[owner[at]!] !== COMMITTED) continue;
    const by = owner[writer[seen]!]!;
    if (outcome[by] !== UNKNOWN) continue;
    const known = reads.get(by);
    if (known === undefined) reads.set(by, [at]);
    else known.push(at);
  }
  return reads;
}

/** What a transaction read first of each key, or left there. */
function operations(
  txns: RegisterTransactions,
  facts: RegisterVersions,
  transaction: number,
  kind: number,
): number[] {
  const found: number[] = [];
  for (let at = txns.starts[transaction]!; at < txns.starts[transaction + 1]!; at++) {
    const counts = kind === READ ? facts.previous[at]! < 0 : facts.isIntermediate[at] === 0;
    if (txns.kind[at] === kind && counts && txns.version[at]! >= 0) found.push(at);
  }
  return found;
}

/** Why one version is known to come before another; null where it is not, or they are of different keys. */
function reason(
  txns: RegisterTransactions,
  facts: RegisterVersions,
  { certain, updates }: VersionSuccessors,
  reasons: VersionReasons,
  earlier: number,
  later: number,
  nameOf: CycleNames["nameOf"],
): ToldRelation | null {
  const key = txns.key[later]!;
  if (txns.key[earlier] !== key) return null;
  const [from, to] = [txns.version[earlier]!, txns.version[later]!];
  if (from === facts.initial[key]) {
    return { text: `${keyText(txns.keys[key]!)} was that before all writes`, shownBy: [] };
  }
  if (leads(updates, from, to)) {
    return { text: `${nameOf(txns.owner[later]!)} had read that itself before it wrote`, shownBy: [] };
  }
  return leads(certain, from, to) ? reasons(from, to, nameOf) : null;
}

function leads({ heads, targets }: DependencyGraph, from: number, to: number): boolean {
  for (let at = heads[from]!; at < heads[from + 1]!; at++) if (targets[at] === to) return true;
  return false;
}

function wroteRead(
  txns: RegisterTransactions,
  from: number,
  to: number,
  a: string,
  b: string,
): string | null {
  for (let at = txns.starts[to]!; at < txns.starts[to + 1]!; at++) {
    const seen = txns.version[at]!;
    if (txns.kind[at] !== READ || seen < 0 || txns.writer[seen]! < 0) continue;
    if (txns.owner[txns.writer[seen]!] === from) return `${b} read ${readText(txns, at)}, which ${a} wrote`;
  }
  return null;
}
