import { commitGraph } from "./commit-graph.ts";
import { type FoundCycle, shortCycles } from "./cycle-search.ts";
import type { HappensBefore } from "./happens-before.ts";
import { InferredEdges } from "./inferred-edges.ts";
import { addSessionDemands } from "./session-demands.ts";
import type { SessionSlots } from "./session-slots.ts";
import type { VisibleHistory } from "./visible-history.ts";

/** Why no order explains the reads of a session. */
export interface MemoryContradiction {
  readonly chain: number;
  /** What reads of the session demand, each demand after those that it rests on. */
  readonly edges: InferredEdges;
  /** Of each demand how many of the first demands were known when it was found. */
  readonly known: readonly number[];
  /** A cycle of happens-before and demands; or a read of what was there before any write after a writer of the key. */
  readonly found:
    | { readonly type: "cycle"; readonly cycle: FoundCycle }
    | { readonly type: "initial"; readonly seen: number; readonly read: number; readonly known: number };
}

/**
 * Finds the contradiction in a chain that `MemoryPass` called broken, in rounds: in each all demands that
 * follow from the order known so far, until they contradict. So each demand can be told from earlier ones. Linear for each round
 * but for the demands themselves; a contradiction is nearly always there after one or two.
 */
export function explainMemory(
  history: VisibleHistory,
  before: HappensBefore,
  slots: SessionSlots,
  chain: number,
): MemoryContradiction {
  const { order, starts } = history.chains;
  const edges = new InferredEdges(1);
  const known: number[] = [];
  const seen = new Set<number>();
  const isNew = (from: number, to: number): boolean => {
    const { size } = seen;
    return seen.add(from * history.happened.length + to).size > size;
  };
  slots.begin(chain);
  for (;;) {
    const size = edges.count;
    meetKnown(slots, edges);
    for (let at = starts[chain]!; at < starts[chain + 1]!; at++) {
      addSessionDemands(history, slots, order[at]!, edges, isNew);
    }
    while (known.length < edges.count) known.push(size);
    const [initial] = edges.ofInitial;
    if (initial !== undefined) {
      return { chain, edges, known, found: { type: "initial", ...initial, known: size } };
    }
    const { cycles } = shortCycles(commitGraph(before, edges), () => "", 1);
    const [cycle] = cycles;
    if (cycle !== undefined) return { chain, edges, known, found: { type: "cycle", cycle } };
    if (edges.count === size) throw new Error(`chain ${chain} has an explanation: it is not broken`);
  }
}

/** Lowers slots until all known demands are met; they have no cycle. */
function meetKnown(slots: SessionSlots, edges: InferredEdges): void {
  for (let isChanged = true; isChanged; ) {
    isChanged = false;
    for (let edge = edges.count - 1; edge >= 0; edge--) {
      const slot = slots.slot[edges.after[edge]!]!;
      if (slots.slot[edges.before[edge]!]! <= slot) continue;
      slots.lower(edges.before[edge]!, slot, () => true);
      isChanged = true;
    }
  }
}

/** Does the contradiction rest on one transaction's reads and on what happened before it alone? */
export function isOfOneReader(
  history: VisibleHistory,
  { edges, known, found }: MemoryContradiction,
): boolean {
  if (found.type === "initial") return found.known === 0;
  const demands = found.cycle.map((step) => step.inferred).filter((edge) => edge >= 0);
  const { transactions, reads } = history;
  const readers = new Set(demands.map((edge) => transactions.owner[reads.at[edges.read[edge]!]!]!));
  return readers.size === 1 && demands.every((edge) => known[edge] === 0);
}
