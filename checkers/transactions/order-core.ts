import { type OrderProblem, withOnly } from "./order-problem.ts";
import { findVersionOrder } from "./version-choices.ts";

/** Cores of so few transactions are not made smaller by looking elsewhere. */
const small = 4;

/** Transactions that began one after the other and are tried by themselves, and how many that are on both sides of a core. */
const windowSize = 48;
const besideCore = 240;

/**
 * Of transactions for which there is no order a few for which there is none either, as if there had been no
 * others; null where that is not shown within so many steps. None of them can be left out, unless the steps
 * were used up. Where it takes many, a smaller core is looked for among those that began at about the same time:
 * what the search came upon first is rarely the smallest.
 */
export function contradictoryCore(
  problem: OrderProblem,
  transactions: readonly number[],
  workAtMost: number,
): OrderProblem | null {
  const work = { left: workAtMost };
  let best = shrunk(withOnly(problem, transactions), work);
  if (best === null || best.timed.count <= small) return best;
  const [from, to] = [Math.min(...transactions) - besideCore, Math.max(...transactions) + besideCore];
  const near = withOnly(problem, range(Math.max(0, from), Math.min(problem.timed.count, to)));
  for (let start = 0; start < near.timed.count && best.timed.count > small; start += windowSize / 2) {
    const window = range(start, Math.min(near.timed.count, start + windowSize));
    const other = shrunk(withOnly(near, window), work);
    if (other !== null && other.timed.count < best.timed.count) best = other;
  }
  return best;
}

/** Leaves out what is not needed: halves first, then smaller parts, then single transactions. */
function shrunk(problem: OrderProblem, work: { left: number }): OrderProblem | null {
  const first = blamed(problem, work);
  if (first === null) return null;
  let core = withOnly(problem, first);
  let chunk = core.timed.count;
  for (let before = 0; chunk > 1 || before !== core.timed.count; ) {
    chunk = Math.max(1, chunk >> 1);
    before = core.timed.count;
    for (let at = 0; at < core.timed.count && work.left > 0; ) {
      const smaller = withOnly(core, [...range(0, at), ...range(at + chunk, core.timed.count)]);
      const left = blamed(smaller, work);
      if (left === null) at += chunk;
      else core = withOnly(smaller, left);
    }
  }
  return core;
}

/** The transactions because of which there is no order; null: there is one, or the steps were used up. */
function blamed(problem: OrderProblem, work: { left: number }): readonly number[] | null {
  const { left } = work;
  let spent = problem.reads.key.length + problem.writes.key.length;
  const result = findVersionOrder(problem, (done) => {
    spent = Math.max(spent, done);
    return done > left ? "enough" : null;
  });
  work.left -= spent;
  return result.kind === "none" ? result.transactions : null;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, at) => from + at);
}
