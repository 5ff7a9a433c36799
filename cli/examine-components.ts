import { type ComponentSearch, componentKinds } from "../harness/real/components/component.ts";
import type { ComponentEnvironment } from "../harness/real/components/component-environment.ts";
import { findComponent } from "../harness/real/components/find-component.ts";
import { openDataFolder } from "../harness/real/components/open-data-folder.ts";
import type { ServerSite } from "../harness/real/components/server-site.ts";
import { startComponent } from "../harness/real/components/start-component.ts";
import { portSource } from "../harness/real/processes/port-source.ts";
import { startReaper } from "../harness/real/processes/reaper.ts";
import { systemClock } from "../harness/time/system-clock.ts";
import { type ComponentDocument, describeComponent } from "./describe-component.ts";

/** A component in the report of `faultline doctor`. */
export interface ExaminedComponent extends ComponentDocument {
  /** How long it took to be ready; null when it did not start. */
  readonly startMs: number | null;
}

/** Looks for every component, starts what is there, one after the other, and stops it. Never rejects. */
export async function examineComponents(
  environment: ComponentEnvironment,
): Promise<readonly ExaminedComponent[]> {
  await using reaper = startReaper();
  const folder = openDataFolder(reaper);
  const site = {
    logFolder: folder,
    dataFolder: folder,
    clock: systemClock(),
    ports: portSource(process.pid),
    reaper,
  };
  const examined: ExaminedComponent[] = [];
  for (const kind of componentKinds) {
    const search = await findComponent(kind, environment);
    examined.push(await tryStart(search, { ...site, name: kind }, environment.cacheFolder));
  }
  return examined;
}

async function tryStart(
  search: ComponentSearch,
  site: ServerSite,
  cacheFolder: string,
): Promise<ExaminedComponent> {
  const document = describeComponent(search);
  if (!search.found) return { ...document, startMs: null };
  try {
    await using server = await startComponent(search, site, cacheFolder);
    const { startMs } = server;
    await server.stop();
    return { ...document, startMs };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { ...document, startMs: null, why: `It does not start: ${why}`, command: "faultline setup" };
  }
}
