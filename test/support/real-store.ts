import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FoundComponent } from "../../harness/real/components/component.ts";
import { componentEnvironment } from "../../harness/real/components/component-environment.ts";
import { findMongodb, startMongodb } from "../../harness/real/components/mongodb.component.ts";
import { openDataFolder } from "../../harness/real/components/open-data-folder.ts";
import { findRedis, startRedis } from "../../harness/real/components/redis.component.ts";
import type { RunningServer } from "../../harness/real/components/running-server.ts";
import { portSource } from "../../harness/real/processes/port-source.ts";
import { startReaper } from "../../harness/real/processes/reaper.ts";
import { systemClock } from "../../harness/time/system-clock.ts";

/** A real server for comparisons, or why there is none on this machine. */
export type RealStore =
  | { readonly component: FoundComponent; readonly start: () => Promise<StartedStore> }
  | { readonly component: null; readonly why: string };

/** A real server that runs; to dispose is to end it and to remove its data. */
export interface StartedStore extends AsyncDisposable {
  readonly url: string;
}

/** Looks for a real Redis or MongoDB (or its stand-in). */
export async function findRealStore(kind: "redis" | "mongodb"): Promise<RealStore> {
  const environment = componentEnvironment(process.env);
  const found = await (kind === "redis" ? findRedis(environment) : findMongodb(environment));
  if (!found.found)
    return { component: null, why: `${found.label} is not here: ${found.why} Get it: ${found.command}` };
  return { component: found, start: () => startStore(kind, found) };
}

async function startStore(kind: "redis" | "mongodb", component: FoundComponent): Promise<StartedStore> {
  const reaper = startReaper();
  const logFolder = mkdtempSync(join(tmpdir(), "faultline-model-log-"));
  reaper.addFolder(logFolder);
  const site = {
    name: `model-${kind}`,
    logFolder,
    dataFolder: openDataFolder(reaper),
    clock: systemClock(),
    ports: portSource(process.pid),
    reaper,
  };
  let server: RunningServer;
  try {
    server = await (kind === "redis" ? startRedis(component, site) : startMongodb(component, site));
  } catch (error) {
    await reaper[Symbol.asyncDispose]();
    throw error;
  }
  return {
    url: server.url,
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await reaper[Symbol.asyncDispose]();
    },
  };
}
