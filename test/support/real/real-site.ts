import type { ComponentKind, FoundComponent } from "../../../harness/real/components/component.ts";
import { componentEnvironment } from "../../../harness/real/components/component-environment.ts";
import { findComponent } from "../../../harness/real/components/find-component.ts";
import { openDataFolder } from "../../../harness/real/components/open-data-folder.ts";
import type { ServerSite } from "../../../harness/real/components/server-site.ts";
import { portSource } from "../../../harness/real/processes/port-source.ts";
import { startReaper } from "../../../harness/real/processes/reaper.ts";
import { systemClock } from "../../../harness/time/system-clock.ts";

/** A place for real servers in a test. To dispose is to end them all. */
export interface RealSite extends AsyncDisposable {
  readonly folder: string;
  readonly cacheFolder: string;
  /** The site of one server. */
  at(name: string): ServerSite;
}

/** Opens one in a temporary folder. */
export function openRealSite(): RealSite {
  const reaper = startReaper();
  const folder = openDataFolder(reaper);
  const common = { clock: systemClock(), ports: portSource(process.pid), reaper };
  return {
    folder,
    cacheFolder: componentEnvironment(process.env).cacheFolder,
    at: (name) => ({ name, logFolder: folder, dataFolder: folder, ...common }),
    [Symbol.asyncDispose]: () => reaper[Symbol.asyncDispose](),
  };
}

/** A component of this machine; null, with the reason on stderr, where it is missing. */
export async function componentHere(kind: ComponentKind): Promise<FoundComponent | null> {
  const search = await findComponent(kind, componentEnvironment(process.env));
  if (search.found) return search;
  process.stderr.write(`Tests of ${search.label} are skipped: ${search.why} Run: ${search.command}\n`);
  return null;
}
