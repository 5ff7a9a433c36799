import type { DockerImages } from "../../harness/real/substrate/docker-images.ts";
import type { ExternalAddresses } from "../../harness/real/substrate/external-addresses.ts";
import type { SubstrateName } from "../../harness/real/substrate/substrate.ts";
import type { Scenario } from "../../harness/run/scenario.ts";

/** What `faultline.config.ts` exports as its default. Every field may be left out. */
export interface FaultlineConfig {
  /** Your own scenarios, besides the built-in ones. */
  readonly scenarios?: readonly Scenario[];
  /** False leaves the built-in scenarios out. True unless given. */
  readonly builtIn?: boolean;
  /** The seed when `--seed` is not given. */
  readonly seed?: number;
  /** Runs of each form when `--runs` is not given. */
  readonly runs?: number;
  /** The run folder when `--out` is not given, from the folder of the configuration; replaced at each run. */
  readonly out?: string;
  /** Worker threads when `--workers` is not given. */
  readonly workers?: number;
  /** Where the servers of the real lane come from when `--substrate` is not given. */
  readonly substrate?: SubstrateName;
  /** The docker substrate. */
  readonly docker?: {
    /** Images in the place of the pinned ones: names as `docker pull` takes them. */
    readonly images?: Partial<DockerImages>;
  };
  /** The external substrate: where the servers are that somebody else started. */
  readonly external?: ExternalAddresses;
}

/** Gives a configuration its type; changes nothing. */
export function defineConfig(config: FaultlineConfig): FaultlineConfig {
  return config;
}
