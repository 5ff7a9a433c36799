import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { askPort } from "../../../../harness/real/components/ask-port.ts";
import { logTail } from "../../../../harness/real/processes/log-tail.ts";
import { portSource } from "../../../../harness/real/processes/port-source.ts";
import { processRow } from "../../../../harness/real/processes/process-table.ts";
import { type Reaper, startReaper } from "../../../../harness/real/processes/reaper.ts";
import {
  type SupervisedProcess,
  spawnProcess,
} from "../../../../harness/real/processes/supervised-process.ts";
import { waitUntil } from "../../../../harness/real/processes/wait-until.ts";
import { systemClock } from "../../../../harness/time/system-clock.ts";
import { grandparent, listener } from "../../../support/real/small-programs.ts";

const clock = systemClock();
const folder = mkdtempSync(join(tmpdir(), "faultline-process-"));
let reaper: Reaper;

beforeAll(() => {
  reaper = startReaper();
});

afterAll(async () => {
  await reaper[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

function start(name: string, program: string, ...args: readonly string[]): Promise<SupervisedProcess> {
  const logPath = join(folder, `${name}.log`);
  writeFileSync(logPath, "");
  const command = process.execPath;
  return spawnProcess({ name, command, args: ["-e", program, ...args], cwd: folder, logPath, clock, reaper });
}

async function logged({ logPath }: SupervisedProcess, text: string): Promise<void> {
  await waitUntil(() => readFileSync(logPath, "utf8").includes(text), {
    clock,
    timeoutMs: 20_000,
    what: text,
  });
}

describe("a supervised process", () => {
  test("writes both its streams to its log, has no stdin, and tells how it ended", async () => {
    const one = await start(
      "streams",
      "process.stdin.on('end', () => { console.log('out'); console.error('err'); process.exitCode = 7; }).resume()",
    );
    expect(await one.exited).toEqual({ code: 7, signal: null, asked: false });
    expect(one.exit).toEqual({ code: 7, signal: null, asked: false });
    expect(logTail(one.logPath).split("\n").sort()).toEqual(["err", "out"]);
    expect([one.signal("SIGTERM"), (await one.stop()).asked]).toEqual([false, false]);
  });

  test("is killed when it does not stop by itself", async () => {
    const logPath = join(folder, "stubborn.log");
    const program =
      "process.on('SIGTERM', () => console.log('no')); setInterval(() => {}, 1000); console.log('up')";
    const stubborn = await spawnProcess({
      ...{ name: "stubborn", command: process.execPath, args: ["-e", program], cwd: folder, logPath },
      ...{ clock, reaper, stopTimeoutMs: 300 },
    });
    await logged(stubborn, "up");
    expect(await stubborn.stop()).toEqual({ code: null, signal: "SIGKILL", asked: true });
    expect(logTail(logPath)).toContain("no");
  });

  test("takes its children along when it is killed, those that lead groups of their own too", async () => {
    const parent = await start("parent", grandparent);
    await logged(parent, ".");
    const child = Number(/child (\d+)\./.exec(logTail(parent.logPath))?.[1]);
    expect(processRow(child)?.zombie).toBe(false);
    parent.signal("SIGKILL");
    expect(await parent.exited).toEqual({ code: null, signal: "SIGKILL", asked: true });
    const gone = (): boolean => processRow(child)?.zombie !== false;
    await waitUntil(gone, { clock, timeoutMs: 5_000, what: "the child to be gone" });
  });

  test("can be paused, goes on, and stops out of a pause", async () => {
    const port = await portSource(process.pid).next();
    const server = await start(
      "echo",
      "require('node:net').createServer((s) => s.pipe(s)).listen(Number(process.argv[1]), '127.0.0.1', () => console.log('ready'))",
      String(port),
    );
    await logged(server, "ready");
    expect(await askPort(port, "a")).toBe("a");
    server.signal("SIGSTOP");
    expect(await askPort(port, "b", 200)).toBe("");
    server.signal("SIGCONT");
    expect(await askPort(port, "c", 10_000)).toBe("c");
    server.signal("SIGSTOP");
    expect(await server.stop()).toEqual({ code: null, signal: "SIGTERM", asked: true });
  });

  test("cannot be started from a program that is not there: the error names it", async () => {
    const logPath = join(folder, "none.log");
    const options = { name: "the ghost", command: join(folder, "none"), args: [], cwd: folder };
    const error = await spawnProcess({ ...options, logPath, clock, reaper }).catch(
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({ code: "cannot-start", kind: "harness" });
    expect(String(error)).toMatch(/the ghost .*none.*ENOENT/);
  });

  test("does not see the variables of the harness, but for the few that every program needs", async () => {
    const one = await start("environment", "console.log(Object.keys(process.env).sort().join())");
    await one.exited;
    const names = logTail(one.logPath).split(",");
    expect(names).toContain("FAULTLINE_REAPER");
    expect(names.filter((name) => !/^(PATH|HOME|LANG|TMPDIR|FAULTLINE_REAPER|__.*)$/.test(name))).toEqual([]);
  });
});

describe("ports", () => {
  test("are free, differ, and lie below those of outgoing connections", async () => {
    const source = portSource(process.pid);
    const ports = await Promise.all([1, 2, 3, 4, 5].map(() => source.next()));
    expect(new Set(ports).size).toBe(5);
    for (const port of ports) expect([port >= 10_240, port < 49_152]).toEqual([true, true]);
  });

  test("that somebody listens on are passed over", async () => {
    const first = await portSource(4_711).next();
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(first, "127.0.0.1", resolve));
    try {
      expect(await portSource(4_711).next()).not.toBe(first);
    } finally {
      taken.close();
    }
  });

  test("can be used at once by a server", async () => {
    const port = await portSource(process.pid + 1).next();
    const server = await start("listener", listener, String(port));
    await logged(server, "ready");
    await server.stop();
  });
});

describe("the end of a log", () => {
  test("is its last lines, from a byte on, and nothing where there is no log", () => {
    const path = join(folder, "lines.log");
    writeFileSync(path, Array.from({ length: 30 }, (_, i) => `line ${i}\n`).join(""));
    expect(logTail(path, { lines: 2 })).toBe("line 28\nline 29");
    expect(logTail(path).split("\n")).toHaveLength(20);
    expect(logTail(path, { fromByte: 1_000 })).toBe("");
    expect(logTail(join(folder, "no.log"))).toBe("");
    writeFileSync(path, `${"x".repeat(200_000)}\nlast\n`);
    expect(logTail(path, { lines: 1 })).toBe("last");
  });
});

describe("waiting", () => {
  test("ends in an error that says what for, how long, and what the log said", async () => {
    let nowNs = 0;
    const still = { ...clock, monotonicNs: () => (nowNs += 10e6) };
    const options = {
      clock: still,
      timeoutMs: 100,
      everyMs: 0,
      what: "kafka to be ready",
      details: () => "boom",
    };
    await expect(waitUntil(() => false, options)).rejects.toMatchObject({
      code: "not-ready",
      message: "Waited 100 ms for kafka to be ready, in vain.\nboom",
    });
    await waitUntil(() => true, options);
  });
});
