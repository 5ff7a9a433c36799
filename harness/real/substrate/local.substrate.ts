import { FaultlineError } from "../../faultline-error.ts";
import type { StoreDefinition } from "../../run/system.ts";
import { type ComponentKind, componentKinds, type FoundComponent } from "../components/component.ts";
import type { ComponentEnvironment } from "../components/component-environment.ts";
import { findComponent } from "../components/find-component.ts";
import { openDataFolder } from "../components/open-data-folder.ts";
import type { ServerSite } from "../components/server-site.ts";
import { startToxiproxy } from "../components/toxiproxy.component.ts";
import { LocalServers } from "./local-servers.ts";
import { LocalStores } from "./local-stores.ts";
import type { Substrate } from "./substrate.ts";
import { ownServers } from "./substrate-capabilities.ts";

/** What the local substrate is started with. */
export interface LocalSubstrateOptions {
  readonly environment: ComponentEnvironment;
  /** The kinds of stores that the runs will need. */
  readonly kinds: ReadonlySet<StoreDefinition["kind"]>;
  readonly site: Omit<ServerSite, "name" | "dataFolder">;
  /** What libfaketime is not there for, or true. */
  readonly libfaketime: true | string;
}

/** Servers as processes of this machine, on loopback. Throws `component-missing` before anything starts. */
export async function startLocalSubstrate(options: LocalSubstrateOptions): Promise<Substrate> {
  const { environment, kinds, site, libfaketime } = options;
  const components = await findAll(environment, kinds);
  const dataFolder = openDataFolder(site.reaper);
  const toxiproxy = await startToxiproxy(componentOf(components, "toxiproxy"), {
    ...site,
    name: "toxiproxy",
    dataFolder,
  });
  const { cacheFolder } = environment;
  const servers = new LocalServers({ components, site: { ...site, dataFolder }, cacheFolder });
  let run = 0;
  return {
    name: "local",
    components: [...components.values()].map(({ label, version }) => `${label} ${version}`),
    capabilities: ownServers(libfaketime),
    toxiproxyUrl: toxiproxy.url,
    provision: async (request) => await LocalStores.open(servers, request, `run${++run}`, site.clock),
    unaskedDeath: () => servers.takeDeath(),
    [Symbol.asyncDispose]: async () => {
      await Promise.all([servers[Symbol.asyncDispose](), toxiproxy[Symbol.asyncDispose]()]);
    },
  };
}

async function findAll(
  environment: ComponentEnvironment,
  kinds: ReadonlySet<StoreDefinition["kind"]>,
): Promise<Map<ComponentKind, FoundComponent>> {
  const needed = componentKinds.filter((kind) => kind === "toxiproxy" || kinds.has(kind));
  const found = new Map<ComponentKind, FoundComponent>();
  for (const kind of needed) {
    const search = await findComponent(kind, environment);
    if (search.found) found.set(kind, search);
    else
      throw new FaultlineError(
        "harness",
        "component-missing",
        `The local substrate needs ${search.label}: ${search.why}`,
        `Run: ${search.command}`,
      );
  }
  return found;
}

function componentOf(
  components: ReadonlyMap<ComponentKind, FoundComponent>,
  kind: ComponentKind,
): FoundComponent {
  const component = components.get(kind);
  if (component === undefined) throw new TypeError(`"${kind}" is always looked for`);
  return component;
}
