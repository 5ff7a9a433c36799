import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Kafka, logLevel } from "kafkajs";
import type { ComponentSearch } from "../../../harness/real/components/component.ts";
import { componentEnvironment } from "../../../harness/real/components/component-environment.ts";
import { findKafka, startKafka } from "../../../harness/real/components/kafka.component.ts";
import { openDataFolder } from "../../../harness/real/components/open-data-folder.ts";
import type { RunningServer } from "../../../harness/real/components/running-server.ts";
import { portSource } from "../../../harness/real/processes/port-source.ts";
import { startReaper } from "../../../harness/real/processes/reaper.ts";
import { systemClock } from "../../../harness/time/system-clock.ts";

/** A real broker that runs; to dispose is to end it and to remove its data. */
export interface RealKafka extends AsyncDisposable {
  readonly url: string;
  /** SIGKILL; answers when it is gone. */
  kill(): Promise<void>;
  /** Starts it again on the same data and port. */
  restart(): Promise<void>;
}

/** Looks for Kafka on this machine. */
export function findRealKafka(): Promise<ComponentSearch> {
  return findKafka(componentEnvironment(process.env));
}

/** Starts what was found, on a loopback port. */
export async function startRealKafka(search: ComponentSearch): Promise<RealKafka> {
  if (!search.found) throw new Error(search.why);
  const reaper = startReaper();
  const logFolder = mkdtempSync(join(tmpdir(), "faultline-model-log-"));
  reaper.addFolder(logFolder);
  const site = {
    name: "model-kafka",
    logFolder,
    dataFolder: openDataFolder(reaper),
    clock: systemClock(),
    ports: portSource(process.pid),
    reaper,
  };
  let server: RunningServer;
  try {
    server = await startKafka(search, site);
    await warmUp(server.url);
  } catch (error) {
    await reaper[Symbol.asyncDispose]();
    throw error;
  }
  return {
    url: server.url,
    kill: () => server.kill("SIGKILL"),
    restart: () => server.restart(),
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await reaper[Symbol.asyncDispose]();
    },
  };
}

/** The first group makes the broker create its offsets topic, which takes a moment. */
async function warmUp(url: string): Promise<void> {
  const brokers = [new URL(url).host];
  const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING, retry: { retries: 20 } }).admin();
  await admin.connect();
  try {
    for (let attempt = 0; attempt < 100; attempt++) {
      const offsets = await admin.fetchOffsets({ groupId: "warm-up" }).catch(() => null);
      if (offsets !== null) return;
      await sleep(100);
    }
    throw new Error("the broker has no group coordinator");
  } finally {
    await admin.disconnect();
  }
}
