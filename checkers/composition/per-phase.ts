import type { Checker } from "../checker.ts";
import type { History } from "../history/history.ts";
import type { PhaseName } from "../history/operation.ts";
import { selectRows } from "../history/select-rows.ts";
import { type CheckedPart, mergeParts } from "./merge-parts.ts";

/**
 * The same claim for each phase of a run by itself, or for some phases: the checker sees the calls that were sent in the
 * phase, with their ends, and the records that were written in it. What comes before the first phase line belongs to
 * no phase. For claims that need not hold all the time, such as "once the faults are healed". Unknown where the
 * history has none of the phases. Linear besides the checker.
 */
export function perPhase(checker: Checker, phases?: readonly PhaseName[]): Checker {
  const which = phases === undefined ? "each phase" : phases.join(", ");
  return {
    name: `${checker.name} per phase`,
    claim: `for ${which} by itself: ${checker.claim}`,
    blindSpots: [...checker.blindSpots, "what a phase has to do with those before it"],
    check: (history, budget) => mergeParts(partsOf(checker, history, phases), false, true, budget),
  };
}

function* partsOf(
  checker: Checker,
  history: History,
  phases: readonly PhaseName[] | undefined,
): Generator<CheckedPart, void, undefined> {
  const rowsOf = rowsByPhase(history);
  for (const [at, { phase }] of history.phases.entries()) {
    if (phases?.includes(phase) === false) continue;
    const rows = Int32Array.from(rowsOf[at]!);
    yield { name: phase, checker, history: () => selectRows(history, rows, history.header) };
  }
}

/** By phase: its rows. A completion belongs to the phase of its invocation. */
function rowsByPhase(history: History): readonly (readonly number[])[] {
  const rowsOf: number[][] = history.phases.map(() => []);
  const phaseOf = new Int32Array(history.length);
  let phase = -1;
  for (let row = 0; row < history.length; row++) {
    while (phase + 1 < rowsOf.length && history.phases[phase + 1]!.index < history.index[row]!) phase++;
    const mate = history.mate[row]!;
    const own = mate >= 0 && mate < row ? phaseOf[mate]! : phase;
    phaseOf[row] = own;
    if (own >= 0) rowsOf[own]!.push(row);
  }
  return rowsOf;
}
