import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, describe, expect, test } from "vitest";
import { askPort } from "../../../../harness/real/components/ask-port.ts";
import { processRow } from "../../../../harness/real/processes/process-table.ts";
import { type Reaper, startReaper } from "../../../../harness/real/processes/reaper.ts";
import { spawnProcess } from "../../../../harness/real/processes/supervised-process.ts";
import { waitUntil } from "../../../../harness/real/processes/wait-until.ts";
import { systemClock } from "../../../../harness/time/system-clock.ts";

const clock = systemClock();
const doomed = join(import.meta.dirname, "../../../support/real/doomed-harness.ts");
const reapers: Reaper[] = [];

afterEach(async () => {
  for (const reaper of reapers.splice(0)) await reaper[Symbol.asyncDispose]();
});

interface Started {
  readonly folder: string;
  readonly pids: readonly number[];
  readonly ports: readonly number[];
  readonly mark: string;
}

async function startDoomed(...args: readonly string[]): Promise<{ started: Started; kill: () => void }> {
  const child = spawn(process.execPath, [doomed, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = await once(createInterface({ input: child.stdout }), "line");
  return { started: JSON.parse(String(line)) as Started, kill: () => child.kill("SIGKILL") };
}

function isAlive(pid: number): boolean {
  return processRow(pid)?.zombie === false;
}

/** Processes that carry a reaper's mark in their environment. */
function marked(mark: string): number[] {
  return readdirSync("/proc").flatMap((name) => {
    try {
      return readFileSync(`/proc/${name}/environ`, "latin1").includes(`FAULTLINE_REAPER=${mark}`)
        ? [Number(name)]
        : [];
    } catch {
      return [];
    }
  });
}

describe("the reaper", () => {
  test.each([["without a database"], ["with a database", "postgres"]])(
    "leaves no process, port or folder of a harness that was killed, %s",
    async (_, ...args) => {
      const { started, kill } = await startDoomed(...args);
      expect(started.pids.filter((pid) => !isAlive(pid))).toEqual([]);
      const child = Number(/child (\d+)\./.exec(readFileSync(join(started.folder, "log"), "utf8"))?.[1] ?? 0);
      kill();
      await waitUntil(() => !isAlive(started.pids[0] ?? 0), { clock, timeoutMs: 20_000, what: "the reaper" });
      expect(started.pids.filter(isAlive)).toEqual([]);
      expect(child === 0 || !isAlive(child)).toBe(true);
      expect(existsSync(started.folder)).toBe(false);
      expect(await Promise.all(started.ports.map((port) => askPort(port, "?")))).toEqual(
        started.ports.map(() => ""),
      );
      if (process.platform === "linux") expect(marked(started.mark)).toEqual([]);
    },
  );

  test("ends what was started when it is disposed of, and nothing that has ended before", async () => {
    const reaper = startReaper();
    const folder = mkdtempSync(join(tmpdir(), "faultline-reaped-"));
    reaper.addFolder(folder);
    const common = { command: process.execPath, cwd: folder, logPath: join(folder, "log"), clock, reaper };
    const ended = await spawnProcess({ ...common, name: "short", args: ["-e", ""] });
    expect(await ended.exited).toEqual({ code: 0, signal: null, asked: false });
    const running = await spawnProcess({
      ...common,
      name: "long",
      args: ["-e", "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)"],
    });
    await reaper[Symbol.asyncDispose]();
    expect(await running.exited).toMatchObject({ signal: "SIGKILL", asked: false });
    expect([isAlive(running.pid), isAlive(reaper.pid), existsSync(folder)]).toEqual([false, false, false]);
  });

  test("is needed: nothing is started without it", async () => {
    const reaper = startReaper();
    await reaper[Symbol.asyncDispose]();
    const start = spawnProcess({
      name: "late",
      command: process.execPath,
      args: ["-e", "setInterval(() => {}, 1000)"],
      cwd: tmpdir(),
      logPath: "/dev/null",
      clock,
      reaper,
    });
    await expect(start).rejects.toMatchObject({ code: "reaper-gone" });
  });

  test("does not end with the terminal of the harness", async () => {
    const reaper = startReaper();
    reapers.push(reaper);
    const folder = mkdtempSync(join(tmpdir(), "faultline-reaped-"));
    reaper.addFolder(folder);
    await using running = await spawnProcess({
      name: "witness",
      command: process.execPath,
      args: ["-e", "setInterval(() => {}, 1000)"],
      cwd: folder,
      logPath: "/dev/null",
      clock,
      reaper,
    });
    await waitUntil(() => handlesHangup(reaper.pid), { clock, timeoutMs: 20_000, what: "its handlers" });
    process.kill(reaper.pid, "SIGINT");
    process.kill(reaper.pid, "SIGTERM");
    await running.stop();
    expect(isAlive(reaper.pid)).toBe(true);
  });
});

/** Has the reaper set up its handlers? Node catches SIGINT and SIGTERM from the start, SIGHUP only then. */
function handlesHangup(pid: number): boolean {
  if (process.platform !== "linux") return true;
  const caught = /^SigCgt:\s*([0-9a-f]+)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? "0";
  return (BigInt(`0x${caught}`) & 1n) !== 0n;
}
