import type { AnomalyList } from "../anomaly-list.ts";
import { READ } from "../entity/key-kind.ts";
import type { EntityFields } from "../entity/versioned-entity.ts";
import { CompletionQueue } from "../history/completion-queue.ts";
import { FAIL, type History, OK } from "../history/history.ts";

/** One key to be judged. */
export interface DurabilityTask {
  readonly history: History;
  /** Position in `history.keys`, or −1. */
  readonly key: number;
  /** Invocations on the key, in history order. */
  readonly rows: Int32Array;
  readonly roles: Int8Array;
  readonly fields: Required<EntityFields>;
  readonly anomalies: AnomalyList;
}

/** What was looked at on one key. */
export interface DurabilityFindings {
  /** Acknowledged writes of the key. */
  acknowledged: number;
  /** Final reads that returned something to compare. */
  finalReads: number;
  /** Why the key cannot be decided; null where it can. */
  unclear: string | null;
}

/** Where a call may still take effect: at its completion at the latest, at any time if that is unknown. */
export function endOf(history: History, invocation: number): number {
  const mate = history.mate[invocation]!;
  return mate >= 0 && history.type[mate] === OK ? mate : Number.POSITIVE_INFINITY;
}

/** Did the call certainly not happen? */
export function isRefused(history: History, invocation: number): boolean {
  const mate = history.mate[invocation]!;
  return mate >= 0 && history.type[mate] === FAIL;
}

/** Is this the invocation of a final read that returned? */
export function isFinalRead(history: History, invocation: number): boolean {
  return history.final[invocation] === 1 && endOf(history, invocation) !== Number.POSITIVE_INFINITY;
}

/**
 * Walks over the invocations of a key; calls `completed` for each acknowledged write before the first
 * invocation that follows its completion is visited, so that what a visitor has counted is what had been
 * acknowledged when the visited call was sent.
 */
export function walkInOrder(
  { history, rows, roles }: DurabilityTask,
  visit: (row: number, role: number) => void,
  completed: (row: number, role: number) => void,
): void {
  const underWay = new CompletionQueue<number>();
  const settle = (row: number): void => {
    for (let done = underWay.popBefore(row); done !== undefined; done = underWay.popBefore(row)) {
      completed(done, roles[history.f[done]!]!);
    }
  };
  for (const row of rows) {
    if (underWay.size > 0) settle(row);
    const role = roles[history.f[row]!]!;
    visit(row, role);
    const mate = history.mate[row]!;
    if (role !== READ && mate >= 0 && history.type[mate] === OK) underWay.push(mate, row);
  }
  settle(history.length);
}
