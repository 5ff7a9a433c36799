import type { HappensBefore } from "./happens-before.ts";
import type { VisibleHistory } from "./visible-history.ts";

/** One reason why a transaction is visible to another: session order (`read` −1), or an external read. */
export interface VisibleStep {
  readonly from: number;
  readonly to: number;
  readonly read: number;
}

/** The first external read of `reader` from `source`; −1 where there is none. */
export function readFrom({ reads }: VisibleHistory, reader: number, source: number): number {
  for (let read = reads.starts[reader]!; read < reads.starts[reader + 1]!; read++) {
    if (reads.writer[read] === source) return read;
  }
  return -1;
}

/**
 * A shortest way by which `from` happened before `to`: one read, one step in the session, or a path of
 * both in which steps in one session are taken at once. Linear.
 */
export function visiblePath(
  history: VisibleHistory,
  before: HappensBefore,
  from: number,
  to: number,
): readonly VisibleStep[] {
  const read = readFrom(history, to, from);
  if (read >= 0) return [{ from, to, read }];
  const { chain } = history.chains;
  if (chain[from] === chain[to]) return [{ from, to, read: -1 }];
  return joined(history, backwards(before, from, to));
}

/** Transactions from `from` to `to`, each a predecessor of the next. */
function backwards(before: HappensBefore, from: number, to: number): number[] {
  const successor = new Int32Array(before.starts.length - 1).fill(-1);
  const queue = [to];
  for (let head = 0; head < queue.length && successor[from]! < 0; head++) {
    const t = queue[head]!;
    for (let at = before.starts[t]!; at < before.starts[t + 1]!; at++) {
      const next = before.predecessors[at]!;
      if (successor[next]! >= 0) continue;
      successor[next] = t;
      queue.push(next);
    }
  }
  const path: number[] = [];
  for (let t = from; t !== to; t = successor[t]!) path.push(t);
  path.push(to);
  return path;
}

function joined(history: VisibleHistory, path: readonly number[]): VisibleStep[] {
  const { chain, previous } = history.chains;
  const steps: VisibleStep[] = [];
  for (let at = 1; at < path.length; at++) {
    const from = path[at - 1]!;
    const to = path[at]!;
    const read = previous[to] === from ? -1 : readFrom(history, to, from);
    const last = steps.at(-1);
    const isOneSession = last !== undefined && last.read < 0 && read < 0 && chain[last.from] === chain[to];
    if (isOneSession) steps[steps.length - 1] = { from: last.from, to, read };
    else steps.push({ from, to, read });
  }
  return steps;
}
