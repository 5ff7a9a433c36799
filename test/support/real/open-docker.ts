import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { portSource } from "../../../harness/real/processes/port-source.ts";
import { startReaper } from "../../../harness/real/processes/reaper.ts";
import { startDockerSubstrate } from "../../../harness/real/substrate/docker.substrate.ts";
import type { DockerImages } from "../../../harness/real/substrate/docker-images.ts";
import type {
  ProvisionedStores,
  ProvisionRequest,
  Substrate,
} from "../../../harness/real/substrate/substrate.ts";
import { systemClock } from "../../../harness/time/system-clock.ts";

/** The docker substrate with the stores of a run; everything is removed in the end. */
export interface OpenDocker extends AsyncDisposable {
  readonly substrate: Substrate;
  readonly stores: ProvisionedStores;
  /** What its containers bear. */
  readonly label: string;
}

/** Starts containers for stores. `ports` tells tests that run at once apart. */
export async function openDocker(
  images: DockerImages,
  request: ProvisionRequest,
  ports: number,
): Promise<OpenDocker> {
  const reaper = startReaper();
  const logFolder = mkdtempSync(join(tmpdir(), "faultline-docker-"));
  reaper.addFolder(logFolder);
  const substrate = await startDockerSubstrate({
    kinds: new Set(request.stores.map(({ kind }) => kind)),
    site: { logFolder, clock: systemClock(), ports: portSource(ports), reaper },
    images,
    libfaketime: "not looked for",
  });
  const stores = await substrate.provision(request);
  return {
    ...{ substrate, stores, label: `faultline.harness=${reaper.mark}` },
    [Symbol.asyncDispose]: async () => {
      await substrate[Symbol.asyncDispose]();
      await reaper[Symbol.asyncDispose]();
    },
  };
}
