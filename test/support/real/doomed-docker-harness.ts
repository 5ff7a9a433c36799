// A harness with containers: one runs, one is paused. It says their label on stdout, and waits to be killed.
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { portSource } from "../../../harness/real/processes/port-source.ts";
import { startReaper } from "../../../harness/real/processes/reaper.ts";
import { startDockerSubstrate } from "../../../harness/real/substrate/docker.substrate.ts";
import type { DockerImages } from "../../../harness/real/substrate/docker-images.ts";
import { systemClock } from "../../../harness/time/system-clock.ts";

const images = JSON.parse(process.argv[2] ?? "{}") as DockerImages;
const clock = systemClock();
const reaper = startReaper();
const logFolder = mkdtempSync(join(tmpdir(), "faultline-doomed-"));
reaper.addFolder(logFolder);
const substrate = await startDockerSubstrate({
  kinds: new Set(["redis"]),
  site: { logFolder, clock, ports: portSource(process.pid), reaper },
  images,
  libfaketime: "not looked for",
});
const stores = await substrate.provision({ stores: [{ kind: "redis", name: "cache" }], users: new Map() });
await stores.process("cache").pause();
process.stdout.write(
  `${JSON.stringify({ label: `faultline.harness=${reaper.mark}`, reaper: reaper.pid })}\n`,
);
await clock.sleep(600_000);
