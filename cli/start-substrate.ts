import { FaultlineError } from "../harness/faultline-error.ts";
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
import { type Substrate, type SubstrateName, substrateNames } from "../harness/real/substrate/substrate.ts";

/** What any of them may be started with. */
export type SubstrateOptions = LocalSubstrateOptions & DockerSubstrateOptions & ExternalSubstrateOptions;

/** How each is started. */
export type SubstrateStarters = Readonly<
  Record<SubstrateName, (options: SubstrateOptions) => Promise<Substrate>>
>;

const starters: SubstrateStarters = {
  local: startLocalSubstrate,
  docker: startDockerSubstrate,
  external: startExternalSubstrate,
};

/** Codes of errors which say that a substrate cannot be had here; any other is a failure of one that can. */
const absent: ReadonlySet<string> = new Set([
  "component-missing",
  "no-container-engine",
  "image-missing",
  "external-address-missing",
  "external-unreachable",
]);

/**
 * Starts the substrate that was named, or, where none was (null), the first of local, docker, external that can be had.
 * The external one comes last: it is somebody else's, and can have the fewest faults. It is never taken unless the
 * configuration names a server for each kind of store. `say` is told when another than the first is taken, and why.
 * Where none can be had it throws what the local one lacks, with the reasons of the others: that is easiest to get.
 */
export async function startSubstrate(
  name: SubstrateName | null,
  options: SubstrateOptions,
  say: (line: string) => void,
  start: SubstrateStarters = starters,
): Promise<Substrate> {
  if (name !== null) return await start[name](options);
  const lacking: FaultlineError[] = [];
  for (const candidate of substrateNames) {
    try {
      const substrate = await start[candidate](options);
      if (lacking.length > 0) say(`The ${candidate} substrate is taken. ${reasonsOf(lacking)}`);
      return substrate;
    } catch (error) {
      if (!(error instanceof FaultlineError && absent.has(error.code))) throw error;
      lacking.push(error);
    }
  }
  throw noneWorks(lacking);
}

function reasonsOf(lacking: readonly FaultlineError[]): string {
  return lacking.map(({ message }) => message).join(" ");
}

function noneWorks(lacking: readonly FaultlineError[]): FaultlineError {
  const [first] = lacking;
  if (first === undefined) throw new RangeError("there is no substrate to try");
  return new FaultlineError(first.kind, first.code, reasonsOf(lacking), first.hint);
}
