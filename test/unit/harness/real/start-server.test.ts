import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { FoundComponent } from "../../../../harness/real/components/component.ts";
import { type ServerLaunch, startServer } from "../../../../harness/real/components/start-server.ts";
import { portSource } from "../../../../harness/real/processes/port-source.ts";
import { type Reaper, startReaper } from "../../../../harness/real/processes/reaper.ts";
import { waitUntil } from "../../../../harness/real/processes/wait-until.ts";
import { systemClock } from "../../../../harness/time/system-clock.ts";

const clock = systemClock();
const folder = mkdtempSync(join(tmpdir(), "faultline-server-"));
const component: FoundComponent = {
  found: true,
  kind: "redis",
  label: "a server",
  version: "1",
  source: "PATH",
  path: process.execPath,
  standIn: false,
};
let reaper: Reaper;

beforeAll(() => {
  reaper = startReaper();
});

afterAll(async () => {
  await reaper[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

/** Starts a server of a few lines that says "ready" only while `gate.open`. */
async function startSmallServer(name: string, program: string, gate: { open: boolean }) {
  const launch: ServerLaunch = {
    url: "small://",
    process: { command: process.execPath, args: ["-e", program], cwd: folder },
    isReady: (_, ownLog) => gate.open && ownLog().includes("up"),
  };
  const site = { name, logFolder: folder, dataFolder: folder, clock, ports: portSource(process.pid), reaper };
  return await startServer(component, site, () => launch);
}

const stays = "console.log('up'); setInterval(() => {}, 1000)";

test("a server that is killed while it starts again is no failure: whoever killed it starts it", async () => {
  const gate = { open: true };
  await using server = await startSmallServer("killed-again", stays, gate);
  await server.kill("SIGKILL");
  gate.open = false;
  const first = server.pid;
  const restarting = server.restart();
  await waitUntil(() => server.running && server.pid !== first, {
    clock,
    timeoutMs: 20_000,
    what: "the new process",
  });
  await server.kill("SIGKILL");
  await restarting;
  expect(server.running).toBe(false);
  gate.open = true;
  await server.restart();
  expect(server.running).toBe(true);
});

test("a server that ends by itself before it is ready is a failure with the end of its log", async () => {
  const starting = startSmallServer("ends", "console.log('out of memory'); process.exit(3)", { open: true });
  await expect(starting).rejects.toMatchObject({ code: "component-failed" });
  await expect(starting).rejects.toThrow("out of memory");
});
