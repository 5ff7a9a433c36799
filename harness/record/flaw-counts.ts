import type { FlawTask } from "./run-manifest.ts";
import type { RunRecord } from "./run-record.ts";
import type { FlawCount } from "./suite-record.ts";

/**
 * How often each flaw was found in these runs, and where first. `runOf` is the number of a run, from 1.
 * Linear in the flaws that the runs show.
 */
export function countFlaws(
  flaws: readonly FlawTask[],
  records: readonly RunRecord[],
  runOf: (record: RunRecord) => number,
): FlawCount[] {
  return flaws.map(({ flaw, expects }, position) => {
    const showing = records.filter((record) => record.flaws?.includes(position) === true);
    const first = showing
      .map((record) => ({ run: runOf(record), seed: record.seed }))
      .sort((a, b) => a.run - b.run)[0];
    return {
      flaw,
      expects,
      runs: showing.length,
      firstRun: first?.run ?? null,
      firstSeed: first?.seed ?? null,
    };
  });
}
