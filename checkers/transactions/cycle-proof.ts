import type { History } from "../history/history.ts";
import type { DependencyCycle } from "./dependency-cycle.ts";
import { REALTIME, SESSION } from "./dependency-graph.ts";
import { transactionName } from "./transaction-words.ts";

/** Steps of a cycle that are told. */
const stepsTold = 12;

/** Words a relation of the data between two transactions, which it may call by the names given. */
export type RelationWords = (from: number, to: number, kind: number, a: string, b: string) => string;

/**
 * Tells a cycle: `T1 (operation 3) comes before T2 (operation 7): T1 read …, and T2 appended …. But T2
 * comes before T1: …: a contradiction.`
 */
export function cycleProof(
  named: { readonly history: History; readonly invocation: Int32Array },
  { nodes, kinds }: DependencyCycle,
  words: RelationWords,
): string {
  const names = nodes.map((node, at) => `T${at + 1} = ${transactionName(named, node)}`);
  const told = nodes.length <= stepsTold ? nodes.length : stepsTold - 1;
  const steps: string[] = [];
  const step = (at: number): string => {
    const next = (at + 1) % nodes.length;
    const [a, b] = [`T${at + 1}`, `T${next + 1}`];
    return `${a} comes before ${b}: ${reason(nodes[at]!, nodes[next]!, kinds[at]!, a, b, words)}`;
  };
  for (let at = 0; at < told; at++) if (at < nodes.length - 1) steps.push(step(at));
  if (told < nodes.length) steps.push(`and so on for ${nodes.length - 1 - steps.length} more steps`);
  const shown = names.length <= stepsTold ? names : [...names.slice(0, stepsTold), `… T${names.length}`];
  return `${shown.join(", ")}. ${steps.join("; ")}. But ${step(nodes.length - 1)}: a contradiction`;
}

function reason(from: number, to: number, kind: number, a: string, b: string, words: RelationWords): string {
  if (kind === SESSION) return `${a} had ended before ${b} began in the same session`;
  if (kind === REALTIME) return `${a} had ended before ${b} began`;
  return words(from, to, kind, a, b);
}
