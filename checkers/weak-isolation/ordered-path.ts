import type { CycleStep } from "./cycle-search.ts";
import type { HappensBefore } from "./happens-before.ts";
import type { InferredEdges } from "./inferred-edges.ts";

/**
 * A shortest way from `from` to `to` by happens-before and the first `known` demands, forwards. Linear.
 * @throws Error where there is none.
 */
export function orderedPath(
  before: HappensBefore,
  edges: InferredEdges,
  known: number,
  from: number,
  to: number,
): CycleStep[] {
  const demands = new Map<number, number[]>();
  for (let edge = 0; edge < known; edge++) {
    const after = edges.after[edge]!;
    const list = demands.get(after) ?? [];
    list.push(edge);
    demands.set(after, list);
  }
  const next = new Map<number, CycleStep>();
  const queue = [to];
  const reach = (step: CycleStep): void => {
    if (next.has(step.from) || step.from === to) return;
    next.set(step.from, step);
    queue.push(step.from);
  };
  for (let head = 0; head < queue.length && !next.has(from); head++) {
    const t = queue[head]!;
    for (let at = before.starts[t]!; at < before.starts[t + 1]!; at++) {
      reach({ from: before.predecessors[at]!, to: t, inferred: -1 });
    }
    for (const edge of demands.get(t) ?? []) reach({ from: edges.before[edge]!, to: t, inferred: edge });
  }
  const path: CycleStep[] = [];
  for (let t = from; t !== to; ) {
    const step = next.get(t);
    if (step === undefined) throw new Error(`nothing leads from transaction ${from} to ${to}`);
    path.push(step);
    t = step.to;
  }
  return path;
}
