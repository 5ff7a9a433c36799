import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RealReplayResult, replayForReal } from "../harness/real/run/real-replay.ts";
import type { SubstrateName } from "../harness/real/substrate/substrate.ts";
import type { PlannedRun } from "../harness/run/replay.ts";
import type { CommandIo } from "./command-io.ts";
import type { LoadedConfig } from "./config/load-config.ts";
import { openRealLane } from "./open-real-lane.ts";
import { serviceCommand } from "./service-command.ts";

/** A plan that is to be executed again in the real lane. */
export interface ServerReplay {
  readonly run: PlannedRun;
  readonly times: number;
  /** Null: the first that can be had. */
  readonly substrate: SubstrateName | null;
  /** Where logs and records are kept; null: nowhere. */
  readonly folder: string | null;
  readonly loaded: LoadedConfig;
}

/** Executes a plan again in the real lane, and says after each execution how often it showed an anomaly. */
export async function replayOnServers(request: ServerReplay, io: CommandIo): Promise<RealReplayResult> {
  const { run, times, substrate, loaded } = request;
  const folder = request.folder ?? mkdtempSync(join(tmpdir(), "faultline-replay-"));
  try {
    const scenarios = [run.scenario];
    await using lane = await openRealLane({ scenarios, substrate, folder, config: loaded.config }, io);
    return await replayForReal(run, {
      lane,
      times,
      folder,
      serviceCommand: (scenario, form, service) =>
        serviceCommand(scenario, form, service, loaded.path, lane.compileCache),
      onExecution: (done, reproduced) => {
        io.err.write(`${done} of ${times} executed, ${reproduced} with an anomaly\n`);
      },
    });
  } finally {
    if (request.folder === null) rmSync(folder, { recursive: true, force: true });
  }
}
