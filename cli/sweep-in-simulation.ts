import { sweep } from "../harness/run/sweep.ts";
import type { SweepResult } from "../harness/run/sweep-options.ts";
import type { CommandIo } from "./command-io.ts";
import { exitCodes } from "./exit-code.ts";
import { watchInterruption } from "./interruption.ts";
import { progressPrinter } from "./progress-printer.ts";
import { spawnSweepWorker } from "./spawn-sweep-worker.ts";
import type { SweepRequest } from "./sweep-on-servers.ts";

/** Sweeps in the sim lane, in worker threads, with progress; Ctrl-C ends it early. */
export async function sweepInSimulation(request: SweepRequest, io: CommandIo): Promise<SweepResult> {
  const { loaded } = request;
  using progress = progressPrinter(io.err);
  using interruption = watchInterruption(io, () => io.exit(exitCodes.unknown));
  return await sweep({
    ...request,
    spawnWorker: () => spawnSweepWorker({ configPath: loaded.path, withoutFaults: request.withoutFaults }),
    signal: interruption.signal,
    onProgress: (now) => progress.show(now),
  });
}
