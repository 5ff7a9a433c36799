import type { History } from "../history/history.ts";
import type { FaultWindow } from "./fault-windows.ts";
import type { TriedCalls } from "./tried-calls.ts";

/** How long it took until somebody was served after the last fault was healed. */
export interface Recovery {
  /** Row of the first call that was open when the last fault was healed, or that was sent afterwards. */
  readonly firstTry: number;
  /** Row of the first completion of a call that was served; −1 where there is none. */
  readonly servedBy: number;
  /** From the heal, or from the first try if nobody was waiting then; to the end of the calls where nobody was served. */
  readonly nanos: number;
}

/** The {@link Recovery} of a history, or why there is none to measure. Linear. */
export function recoveryOf(
  history: History,
  calls: TriedCalls,
  windows: readonly FaultWindow[],
): Recovery | string {
  let healed = -1;
  let healRow = 0;
  for (const window of windows) {
    if (window.healed === null)
      return `the fault ${window.fault} on ${window.target} was not healed in this history`;
    healed = Math.max(healed, window.healed);
    healRow = Math.max(healRow, window.end);
  }
  if (healed < 0) return "there was no fault to recover from";
  let firstTry = -1;
  let servedBy = -1;
  for (let at = 0; at < calls.count; at++) {
    const ended = calls.ended[at]!;
    if (ended < healRow) continue;
    if (firstTry < 0) firstTry = calls.sent[at]!;
    if (calls.served[at] === 1 && (servedBy < 0 || ended < servedBy)) servedBy = ended;
  }
  if (firstTry < 0) return "nobody called after the last fault was healed";
  const start = Math.max(healed, history.time[firstTry]!);
  const end = servedBy < 0 ? calls.lastRow : servedBy;
  return { firstTry, servedBy, nanos: Math.max(0, history.time[end]! - start) };
}
