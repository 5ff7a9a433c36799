import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { arch, availableParallelism, cpus, freemem, platform, release, totalmem } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { drawPlan } from "../harness/run/draw-plan.ts";
import { executePlan } from "../harness/run/execute-plan.ts";
import { wallClockMs } from "../harness/time/wall-clock.ts";
import { scenarios } from "../scenarios/index.ts";
import { oneLine } from "./error-document.ts";

/** One thing that `faultline doctor` looked at. `absent` is no fault: nothing that can run here needs it. */
export interface Finding {
  readonly name: string;
  readonly status: "ok" | "failed" | "absent";
  readonly detail: string;
}

/** Looks at the machine and tries one simulated run. Never throws: what fails is a finding. */
export async function examineMachine(cwd: string): Promise<readonly Finding[]> {
  return [
    await examine("node", () => `${process.versions.node}, ${process.execPath}`),
    await examine("platform", () => `${platform()} ${arch()}, ${release()}`),
    await examine(
      "cores",
      () => `${availableParallelism()} usable, ${cpus()[0]?.model.trim() ?? "of unknown kind"}`,
    ),
    await examine("memory", () => `${gibibytes(totalmem())} GiB, ${gibibytes(freemem())} GiB of it free`),
    gitFinding(cwd),
    await examine("worker threads", startWorker),
    await examine("run folder", () => writeAndRemove(cwd)),
    await examine("sim lane", simulatedRun),
  ];
}

async function examine(name: string, look: () => string | Promise<string>): Promise<Finding> {
  try {
    return { name, status: "ok", detail: await look() };
  } catch (error) {
    return {
      name,
      status: "failed",
      detail: oneLine(error instanceof Error ? error.message : String(error)),
    };
  }
}

function gitFinding(cwd: string): Finding {
  const result = spawnSync("git", ["--version"], { cwd, encoding: "utf8" });
  if (result.status === 0) return { name: "git", status: "ok", detail: result.stdout.trim() };
  return { name: "git", status: "absent", detail: "not found; nothing needs it" };
}

async function startWorker(): Promise<string> {
  const startMs = wallClockMs();
  const worker = new Worker("require('node:worker_threads').parentPort.postMessage('ready')", { eval: true });
  try {
    await new Promise((resolve, reject) => {
      worker.once("message", resolve);
      worker.once("error", reject);
    });
  } finally {
    await worker.terminate();
  }
  return `start in ${Math.round(wallClockMs() - startMs)} ms`;
}

function writeAndRemove(cwd: string): string {
  const folder = mkdtempSync(join(cwd, ".faultline-doctor-"));
  rmSync(folder, { recursive: true });
  return `${cwd} can be written to`;
}

async function simulatedRun(): Promise<string> {
  const [scenario] = scenarios;
  const form = scenario?.forms.find(({ name }) => name === "hardened");
  if (scenario === undefined || form === undefined) throw new Error("there is no scenario to try");
  const startMs = wallClockMs();
  const { record } = await executePlan({ scenario, form, seed: 1, plan: drawPlan(scenario, 1, "") });
  if (record.failure !== null) throw new Error(`${record.failure.code}: ${record.failure.message}`);
  const ms = Math.round(wallClockMs() - startMs);
  return `one run of ${scenario.name} with ${record.operations} operations in ${ms} ms: ${record.verdict}`;
}

function gibibytes(bytes: number): string {
  return (bytes / 2 ** 30).toFixed(1);
}
