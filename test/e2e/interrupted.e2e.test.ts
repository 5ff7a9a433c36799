import type { ChildProcess } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { SuiteRecord } from "../../harness/record/suite-record.ts";
import { documentOf } from "./json-document.ts";
import { endOf, noteConfig, runCli, startCli } from "./run-cli.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const cwd = temporaryFolder();

/** Starts a sweep that would take minutes, and waits until some runs have finished. */
async function startSweep(out: string): Promise<ChildProcess> {
  const args = [
    "run",
    "--config",
    noteConfig,
    "--form",
    "hardened",
    "--runs",
    "1000000",
    "--out",
    out,
    "--json",
  ];
  const child = startCli(args, { cwd });
  for (let waited = 0; finishedRuns(out) < 50; waited += 50) {
    if (waited > 30_000) throw new Error("the sweep does not get going");
    await sleep(50);
  }
  return child;
}

function finishedRuns(out: string): number {
  const path = join(cwd, out, "results.ndjson");
  return existsSync(path) ? readFileSync(path, "utf8").split("\n").length - 1 : 0;
}

/** Processes whose command line names this test's folder or its run folder (Linux only). */
function processesNaming(text: string): string[] {
  if (!existsSync("/proc/self/cmdline")) return [];
  return readdirSync("/proc").filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(text);
    } catch {
      return false;
    }
  });
}

describe("a harness that is killed in the middle of a sweep", () => {
  test("loses no finished run, leaves no process, and its folder can be reported", async () => {
    const child = await startSweep("killed-sweep");
    const before = finishedRuns("killed-sweep");
    const end = endOf(child);
    child.kill("SIGKILL");
    expect((await end).signal).toBe("SIGKILL");
    const finished = finishedRuns("killed-sweep");
    expect(finished).toBeGreaterThanOrEqual(before);
    expect(processesNaming("killed-sweep")).toEqual([]);

    const report = await runCli(["report", "killed-sweep", "--json"], { cwd });
    expect(report.code).toBe(0);
    expect(documentOf("report", report.stdout)).toMatchObject({ complete: false, verdict: "unknown" });
    const text = await runCli(["report", "killed-sweep"], { cwd });
    expect(text.stdout).toContain("hardened");
    const again = [
      "run",
      "--config",
      noteConfig,
      "--form",
      "hardened",
      "--runs",
      "2",
      "--out",
      "killed-sweep",
    ];
    expect((await runCli(again, { cwd })).code).toBe(0);
    expect(finishedRuns("killed-sweep")).toBe(2);
  });
});

describe("Ctrl-C", () => {
  test.each(["SIGINT", "SIGTERM"] as const)("%s ends the sweep with what has finished", async (signal) => {
    const child = await startSweep(signal);
    const end = endOf(child);
    child.kill(signal);
    const { code, stdout, stderr } = await end;
    const suite = documentOf<SuiteRecord>("suite", stdout);
    expect(suite).toMatchObject({ complete: false, verdict: "unknown" });
    expect(suite.summary[0]?.seeds).toBe(finishedRuns(signal));
    expect(stderr).toContain("Stopping");
    expect(code).toBe(2);
    expect(existsSync(join(cwd, signal, "report.html"))).toBe(true);
    expect(JSON.parse(readFileSync(join(cwd, signal, "verdict.json"), "utf8"))).toEqual(suite);
  });
});
