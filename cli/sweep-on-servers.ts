import { resolve } from "node:path";
import { sweepForReal } from "../harness/real/run/real-sweep.ts";
import type { SubstrateName } from "../harness/real/substrate/substrate.ts";
import type { Scenario } from "../harness/run/scenario.ts";
import type { SweepResult } from "../harness/run/sweep-options.ts";
import type { CommandIo } from "./command-io.ts";
import type { LoadedConfig } from "./config/load-config.ts";
import { exitCodes } from "./exit-code.ts";
import { watchInterruption } from "./interruption.ts";
import { openRealLane } from "./open-real-lane.ts";
import { progressPrinter } from "./progress-printer.ts";
import { serviceCommand } from "./service-command.ts";

/** What is to be swept, in whatever lane. */
export interface SweepRequest {
  /** Without the faults that are left out. */
  readonly scenarios: readonly Scenario[];
  /** The faults that were left out on request, for workers that make the scenarios anew. */
  readonly withoutFaults: readonly string[];
  /** Null: every form, or those that a scenario names for the lane. */
  readonly form: string | null;
  readonly seed: number;
  /** Null: as many as the lane takes by default. */
  readonly runs: number | null;
  readonly workers: number;
  /** Run a form that must be caught only until it is; the real lane always does. */
  readonly untilCaught: boolean;
  /** Null: the first that can be had. */
  readonly substrate: SubstrateName | null;
  readonly folder: string;
  readonly loaded: LoadedConfig;
  /** The configuration as it was named; undefined where none was. */
  readonly config: string | undefined;
}

/** Sweeps in the real lane, one run after the other, with progress; Ctrl-C ends it after the present run. */
export async function sweepOnServers(request: SweepRequest, io: CommandIo): Promise<SweepResult> {
  const { scenarios, substrate, loaded } = request;
  const folder = resolve(io.cwd, request.folder);
  using progress = progressPrinter(io.err);
  using interruption = watchInterruption(io, () => io.exit(exitCodes.unknown));
  await using lane = await openRealLane({ scenarios, substrate, folder, config: loaded.config }, io);
  const result = await sweepForReal({
    ...request,
    folder,
    lane,
    serviceCommand: (scenario, form, service) =>
      serviceCommand(scenario, form, service, loaded.path, lane.compileCache),
    signal: interruption.signal,
    onProgress: (now) => progress.show(now),
  });
  return { ...result, suite: { ...result.suite, folder: request.folder } };
}
