import type { Checker } from "../checker.ts";
import { keyName } from "../history/describe-operation.ts";
import type { History } from "../history/history.ts";
import { groupedByKey } from "../history/rows-by-key.ts";
import { selectRows } from "../history/select-rows.ts";
import { type CheckedPart, mergeParts } from "./merge-parts.ts";

/**
 * The same claim for each key by itself: the checker sees the lines of one key after the other, those without a
 * key as one more, and all faults and phases. For checkers that look at a history as one object. Keys in which there is
 * nothing to examine say nothing. Linear besides the checker.
 */
export function perKey(checker: Checker): Checker {
  return {
    name: `${checker.name} per key`,
    claim: `for each key by itself: ${checker.claim}`,
    blindSpots: [...checker.blindSpots, "what one key has to do with another"],
    check: (history, budget) => mergeParts(partsOf(checker, history), false, false, budget),
  };
}

function* partsOf(checker: Checker, history: History): Generator<CheckedPart, void, undefined> {
  const { rows, keys, starts } = groupedByKey(
    history,
    Int32Array.from({ length: history.length }, (_, row) => row),
  );
  for (const [at, key] of keys.entries()) {
    const own = rows.subarray(starts[at], starts[at + 1]);
    yield { name: keyName(history, key), checker, history: () => selectRows(history, own, history.header) };
  }
}
