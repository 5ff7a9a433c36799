import type { History } from "../history/history.ts";
import { fieldOf } from "../history/json-value.ts";
import { DO, type SagaRecords } from "./saga-records.ts";

/** Which steps a completed saga needs, numbered like `steps` of the records. */
export interface NeededSteps {
  /** Of the saga at this position; null where nothing tells. */
  of(position: number): readonly number[] | null;
}

/**
 * The steps that must have taken effect: those that the options name, else those that the saga's own record
 * lists, else what other completed sagas without such a list did. Linear.
 */
export function neededSteps(
  history: History,
  records: SagaRecords,
  given: readonly string[] | undefined,
): NeededSteps {
  if (given !== undefined) {
    const steps = [...new Set(given)].map((step) => records.steps.intern(step));
    return { of: () => steps };
  }
  const inferred = inferredSteps(records);
  return {
    of: (position) => {
      const declared = records.declared[position]!;
      // That none of them did anything does not say that there was nothing to do.
      if (declared < 0) return inferred.length === 0 ? null : inferred;
      return listedSteps(history, records, declared);
    },
  };
}

function listedSteps(history: History, records: SagaRecords, row: number): readonly number[] {
  const listed = fieldOf(history.value[row], "steps");
  if (!Array.isArray(listed)) return [];
  const names = new Set(listed.filter((step) => typeof step === "string"));
  return [...names].map((step) => records.steps.intern(step));
}

function inferredSteps({ keys, starts, declared, completed, what, step }: SagaRecords): readonly number[] {
  const seen = new Set<number>();
  for (let position = 0; position < keys.length; position++) {
    if (completed[position]! < 0 || declared[position]! >= 0) continue;
    for (let at = starts[position]!; at < starts[position + 1]!; at++) {
      if (what[at] === DO) seen.add(step[at]!);
    }
  }
  return [...seen].sort((a, b) => a - b);
}
