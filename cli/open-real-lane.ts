import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { componentEnvironment } from "../harness/real/components/component-environment.ts";
import { clockOffsets, findLibfaketime } from "../harness/real/components/libfaketime.ts";
import { portSource } from "../harness/real/processes/port-source.ts";
import { startReaper } from "../harness/real/processes/reaper.ts";
import type { RealLane } from "../harness/real/run/real-run.ts";
import type { SubstrateName } from "../harness/real/substrate/substrate.ts";
import { RUN_FILES } from "../harness/run/run-folder.ts";
import type { Scenario } from "../harness/run/scenario.ts";
import type { StoreDefinition } from "../harness/run/system.ts";
import { systemClock } from "../harness/time/system-clock.ts";
import type { CommandIo } from "./command-io.ts";
import type { FaultlineConfig } from "./config/define-config.ts";
import { startSubstrate } from "./start-substrate.ts";

/** What the real lane is opened for. */
export interface RealLaneRequest {
  readonly scenarios: readonly Scenario[];
  /** Null: the first that can be had. */
  readonly substrate: SubstrateName | null;
  /** The run folder, absolute; the servers' logs go there. */
  readonly folder: string;
  readonly config: FaultlineConfig;
}

/** The real lane until it is disposed of. */
export interface OpenRealLane extends RealLane, AsyncDisposable {
  /** Where the processes of services keep their compiled code. */
  readonly compileCache: string;
}

/** Finds and starts what runs of these scenarios need, and a reaper that ends it whatever becomes of us. */
export async function openRealLane(request: RealLaneRequest, io: CommandIo): Promise<OpenRealLane> {
  const { scenarios, folder } = request;
  const environment = componentEnvironment(io.env);
  const libfaketime = findLibfaketime(environment);
  const logFolder = join(folder, RUN_FILES.servers);
  mkdirSync(logFolder, { recursive: true });
  const reaper = startReaper();
  const ports = portSource(process.pid);
  try {
    const options = {
      environment,
      kinds: kindsOf(scenarios),
      images: request.config.docker?.images ?? {},
      addresses: request.config.external ?? {},
      site: { logFolder, clock: systemClock(), ports, reaper },
      libfaketime: clockOffsets(libfaketime),
    } as const;
    const substrate = await startSubstrate(request.substrate, options, (line) => io.err.write(`${line}\n`));
    return {
      substrate,
      libfaketime: libfaketime.path,
      reaper,
      ports,
      compileCache: join(environment.cacheFolder, "compiled"),
      [Symbol.asyncDispose]: async () => {
        await substrate[Symbol.asyncDispose]();
        await reaper[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await reaper[Symbol.asyncDispose]();
    throw error;
  }
}

function kindsOf(scenarios: readonly Scenario[]): Set<StoreDefinition["kind"]> {
  const stores = scenarios.flatMap(({ forms }) => forms.flatMap((form) => form.system().stores));
  return new Set(stores.map(({ kind }) => kind));
}
