import { FaultlineError } from "../../faultline-error.ts";
import type { StoreDefinition } from "../../run/system.ts";
import type { ComponentEnvironment } from "../components/component-environment.ts";
import { findComponent } from "../components/find-component.ts";
import { openDataFolder } from "../components/open-data-folder.ts";
import type { ServerSite } from "../components/server-site.ts";
import { startToxiproxy } from "../components/toxiproxy.component.ts";
import type { ExternalAddresses } from "./external-addresses.ts";
import { reachExternal } from "./external-server.ts";
import { ExternalStores, notConfigured } from "./external-stores.ts";
import type { Substrate } from "./substrate.ts";
import { serversOfOthers } from "./substrate-capabilities.ts";

/** What the external substrate is opened with. */
export interface ExternalSubstrateOptions {
  readonly environment: ComponentEnvironment;
  /** The kinds of stores that the runs will need. */
  readonly kinds: ReadonlySet<StoreDefinition["kind"]>;
  readonly site: Omit<ServerSite, "name" | "dataFolder">;
  /** What libfaketime is not there for, or true. */
  readonly libfaketime: true | string;
  readonly addresses: ExternalAddresses;
}

/**
 * Servers that somebody else started; only Toxiproxy and the services are ours. What would hit others who use the
 * servers cannot be injected. Throws before anything starts: `external-address-missing`, `external-unreachable`,
 * `component-missing` (Toxiproxy).
 */
export async function startExternalSubstrate(options: ExternalSubstrateOptions): Promise<Substrate> {
  const { environment, kinds, site, libfaketime, addresses } = options;
  // All of them before any is asked: what is not configured in whole is not touched.
  const named = [...kinds].map((kind) => {
    const address = addresses[kind];
    if (address === undefined) throw notConfigured(kind);
    return { kind, address };
  });
  const labels: string[] = [];
  for (const { kind, address } of named) labels.push((await reachExternal(kind, address)).label);
  const search = await findComponent("toxiproxy", environment);
  if (!search.found) {
    throw new FaultlineError(
      "harness",
      "component-missing",
      `The external substrate needs ${search.label} on this machine: ${search.why}`,
      `Run: ${search.command}`,
    );
  }
  const dataFolder = openDataFolder(site.reaper);
  const toxiproxy = await startToxiproxy(search, { ...site, name: "toxiproxy", dataFolder });
  const prefix = `faultline_${site.reaper.mark.replaceAll(/\W/g, "_")}`;
  let run = 0;
  return {
    name: "external",
    components: [`${search.label} ${search.version}`, ...labels],
    capabilities: serversOfOthers(libfaketime),
    toxiproxyUrl: toxiproxy.url,
    provision: async (request) => await ExternalStores.open(addresses, request, `${prefix}_${++run}`, site),
    // A server that is gone shows in what is asked of it.
    unaskedDeath: () => null,
    [Symbol.asyncDispose]: () => toxiproxy[Symbol.asyncDispose](),
  };
}
