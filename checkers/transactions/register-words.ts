import { valueText } from "../history/describe-operation.ts";
import type { RelationWords } from "./cycle-proof.ts";
import { type DependencyGraph, RW, WR } from "./dependency-graph.ts";
import { readText } from "./register-anomalies.ts";
import type { VersionSuccessors } from "./register-dependencies.ts";
import { READ, type RegisterTransactions, WRITE } from "./register-transactions.ts";
import type { RegisterVersions } from "./register-versions.ts";
import { keyText } from "./transaction-words.ts";

/** Words the relations between transactions on registers. */
export function registerWords(
  txns: RegisterTransactions,
  facts: RegisterVersions,
  successors: VersionSuccessors,
): RelationWords {
  return (from, to, kind, a, b) => {
    const read = kind === WR ? wroteRead(txns, from, to, a, b) : null;
    if (read !== null) return read;
    const before = operations(txns, facts, from, kind === RW ? READ : WRITE);
    for (const later of operations(txns, facts, to, WRITE)) {
      for (const earlier of before) {
        const why = reason(txns, facts, successors, earlier, later, b);
        if (why === null) continue;
        const did = kind === RW ? "read" : "wrote";
        const value = valueText(txns.versionValue[txns.version[later]!] ?? null);
        return `${a} ${did} ${readText(txns, earlier)}, and ${b} wrote ${value}, which came later: ${why}`;
      }
    }
    return `${b} wrote after ${a}`;
  };
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
  earlier: number,
  later: number,
  b: string,
): string | null {
  const key = txns.key[later]!;
  if (txns.key[earlier] !== key) return null;
  const [from, to] = [txns.version[earlier]!, txns.version[later]!];
  if (from === facts.initial[key]) return `${keyText(txns.keys[key]!)} was that before all writes`;
  if (leads(updates, from, to)) return `${b} had read that itself before it wrote`;
  return leads(certain, from, to) ? "by what is assumed of the order of values" : null;
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
