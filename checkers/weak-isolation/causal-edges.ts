import type { CheckBudget } from "../check-budget.ts";
import { CausalPass } from "./causal-pass.ts";
import type { HappensBefore } from "./happens-before.ts";
import type { InferredEdges } from "./inferred-edges.ts";
import type { VisibleHistory } from "./visible-history.ts";

/** Numbers in the clocks that are kept at a time. */
const clockRoom = 1 << 27;

/**
 * What causal consistency demands of the order of commits: where a transaction reads a key from `source`,
 * every other writer of the key that happened before the transaction commits before `source`. Answers why
 * the budget made it stop, or null. Needs a happens-before without cycles.
 *
 * Each transaction has a clock: per chain the last position that happened before it. For k chains and n
 * micro-operations the clocks take O(n·k) additions; they are kept for some chains at a time (`room`
 * numbers), so that memory stays bounded however many chains there are.
 *
 * The transactions are visited in an order that agrees with happens-before: a guess at that of their
 * commits. A demand that this order meets cannot be part of a contradiction unless some other demand is
 * not met: so the first pass looks only for demands that are not, among the writers visited between
 * `source` and the reader. Where there is none the guess itself explains the history. Else a second pass adds
 * the demands that are met, but for those that others imply: of each final write it keeps how many leading
 * writers of its key are known to commit before it, so that only later ones need be looked at.
 *
 * Where a key has very many writers between, the last visible one in each chain that writes the key is
 * looked up instead (the others come before it): O(n·k·log n) at worst. (Møldrup & Pavlogiannis, AWDIT,
 * PLDI 2025, section 4, do the latter always.)
 */
export function addCausalEdges(
  history: VisibleHistory,
  before: HappensBefore,
  edges: InferredEdges,
  budget?: CheckBudget,
  room: number = clockRoom,
): string | null {
  const pass = new CausalPass(history, before, edges, room);
  const stop = pass.run("not met", budget);
  if (stop !== null || edges.count === 0) return stop;
  return pass.run("met", budget);
}
