import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type FaultPlace, refuseImpossibleFaults } from "../../faults/impossible-faults.ts";
import { faults as knownFaults } from "../../faults/index.ts";
import type { HarnessFailure } from "../../record/run-record.ts";
import type { Story } from "../../record/story.ts";
import { placesOf } from "../../run/fault-places.ts";
import { faultNamed } from "../../run/fault-schedule.ts";
import { ownTokenOf, type PlannedRun } from "../../run/replay.ts";
import { tellStory } from "../../run/tell-story.ts";
import { executeRealPlan } from "./execute-real-plan.ts";
import type { RealLane } from "./real-run.ts";
import type { ServiceCommand } from "./real-system.ts";

/** What became of a plan that was executed again in the real lane. */
export interface RealReplayResult {
  /** The first execution that showed an anomaly, or else the first one. */
  readonly story: Story;
  /** Null where no token replays the plan. */
  readonly token: string | null;
  readonly times: number;
  /** Executions that showed an anomaly. */
  readonly reproduced: number;
  readonly failure: HarnessFailure | null;
}

/** How a plan is to be executed again. */
export interface RealReplayOptions {
  readonly lane: RealLane;
  readonly times: number;
  /** An existing folder for the logs and records of each execution. */
  readonly folder: string;
  readonly serviceCommand: (scenario: string, form: string, service: string) => ServiceCommand;
  /** Told after each execution. */
  readonly onExecution: (done: number, reproduced: number) => void;
}

/**
 * Executes exactly this plan so many times in the real lane, and counts how often an anomaly shows: the
 * interleaving is the machine's. Ends at the first failure of the harness. Throws `impossible-fault`.
 */
export async function replayForReal(run: PlannedRun, options: RealReplayOptions): Promise<RealReplayResult> {
  const { lane, times, folder, serviceCommand, onExecution } = options;
  const { scenario, form, seed, plan } = run;
  const faults = plan.faults.map(({ fault }) => faultNamed(knownFaults, fault));
  const hits = placesOf([form.system()]);
  const at = (place: FaultPlace): ReadonlySet<string> => {
    const there = plan.faults.filter(({ fault, params }) =>
      hits(place, faultNamed(knownFaults, fault), params),
    );
    return new Set(there.map(({ fault }) => fault));
  };
  const { capabilities } = lane.substrate;
  const where = { lane: "real", capabilities } as const;
  refuseImpossibleFaults(faults, where, { stores: at("stores"), replication: at("replication") });
  let told: Story | null = null;
  let reproduced = 0;
  let done = 0;
  while (done < times && told?.record.failure == null) {
    const runFolder = join(folder, String(done + 1));
    mkdirSync(runFolder, { recursive: true });
    const executed = await executeRealPlan({
      lane,
      scenario,
      form,
      seed,
      plan,
      folder: runFolder,
      serviceCommand: (service) => serviceCommand(scenario.name, form.name, service),
    });
    const token = ownTokenOf({ ...run, lane: "real" }, executed.record.historyHash);
    const story = tellStory({ scenario, form, token, plan, executed });
    const failing = executed.record.verdict === "invalid";
    if (failing) reproduced++;
    if (told === null || (failing && reproduced === 1) || executed.record.failure !== null) told = story;
    done++;
    onExecution(done, reproduced);
  }
  if (told === null) throw new RangeError("a plan is executed at least once");
  return { story: told, token: told.token, times: done, reproduced, failure: told.record.failure };
}
