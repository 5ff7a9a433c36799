import { compareExactly, compareOneSided } from "./compare-lanes.ts";
import { drawSchedule } from "./draw-schedule.ts";
import type { RealLane } from "./real-lane.ts";
import type { Level } from "./schedule.ts";

/** What a sweep found. */
export interface SweepResult {
  readonly schedules: number;
  /** SERIALIZABLE: schedules in which the model aborted more, or others, than PostgreSQL. */
  readonly extraAborts: number;
  /** One report each, with the line that runs only this schedule again. */
  readonly mismatches: readonly string[];
}

/** Runs the schedules of these seeds on both stores; SERIALIZABLE is compared one-sidedly. */
export async function sweepSchedules(
  lane: RealLane,
  level: Level | "mixed",
  firstSeed: number,
  count: number,
  progress: (line: string) => void,
): Promise<SweepResult> {
  const mismatches: string[] = [];
  let extraAborts = 0;
  for (let done = 0; done < count; done++) {
    const seed = firstSeed + done;
    const schedule = drawSchedule(seed, level);
    const real = await lane.run(schedule);
    const compare = level === "serializable" ? compareOneSided : compareExactly;
    const comparison = await compare(schedule, real);
    if (comparison.kind === "extra abort") extraAborts++;
    if (comparison.kind === "mismatch") {
      const again = `again: MODEL_LEVEL="${level}" MODEL_SEED=${seed} MODEL_COUNT=1 npm run test:model`;
      mismatches.push(`${comparison.report}\n${again}`);
      progress(`${level}: mismatch at seed ${seed}\n${again}`);
    }
    if ((done + 1) % 250 === 0) {
      progress(
        `${level}: ${done + 1} of ${count}, ${mismatches.length} mismatches, ${extraAborts} extra aborts`,
      );
    }
  }
  return { schedules: count, extraAborts, mismatches };
}
