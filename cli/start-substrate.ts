import { FaultlineError } from "../harness/faultline-error.ts";
import { findContainerEngine } from "../harness/real/substrate/container-engine.ts";
import {
  type DockerSubstrateOptions,
  startDockerSubstrate,
} from "../harness/real/substrate/docker.substrate.ts";
import {
  type ExternalSubstrateOptions,
  startExternalSubstrate,
} from "../harness/real/substrate/external.substrate.ts";
import {
  type LocalSubstrateOptions,
  startLocalSubstrate,
} from "../harness/real/substrate/local.substrate.ts";
import type { Substrate, SubstrateName } from "../harness/real/substrate/substrate.ts";

/** What any of them may be started with. */
export type SubstrateOptions = LocalSubstrateOptions & DockerSubstrateOptions & ExternalSubstrateOptions;

/** Starts the substrate that was named, or, where none was (null), the first that works. */
export async function startSubstrate(
  name: SubstrateName | null,
  options: SubstrateOptions,
): Promise<Substrate> {
  if (name === "docker") return await startDockerSubstrate(options);
  if (name === "local") return await startLocalSubstrate(options);
  if (name === "external") return await startExternalSubstrate(options);
  try {
    return await startLocalSubstrate(options);
  } catch (error) {
    if (!(error instanceof FaultlineError && error.code === "component-missing")) throw error;
    // What the local one lacks is easier to get than an engine: its error is told where both are impossible.
    const { engine } = await findContainerEngine();
    if (engine === null) throw error;
    return await startDockerSubstrate(options);
  }
}
