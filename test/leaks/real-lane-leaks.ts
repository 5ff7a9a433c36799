// Runs the real lane many times in a row, kills the harness in the middle of some of these runs, and looks after
// each for processes, listening ports and temporary folders that were left behind. Exit code 1: there were some.
//
//   npm run test:leaks -- --runs 50 --kills 10 --seed 1 --scenario acknowledged-updates-are-kept
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { randomStream } from "../../harness/random/random-stream.ts";
import { endOf, startCli } from "../e2e/run-cli.ts";
import { componentVariables } from "../support/real/component-variables.ts";
import { listening, type RealLaneTraces, TracedFolder } from "../support/real/real-lane-traces.ts";

/** The reaper of a killed harness may need that long. */
const GONE_MS_MAX = 30_000;
const LOOK_EVERY_MS = 250;
/** A kill comes at a random moment of that span before a whole run has ended itself. */
const FIRST_RUN_MS = 4_000;

/** What was seen of one run, and what it left. */
interface RunSeen {
  readonly how: string;
  readonly tookMs: number;
  readonly processesMost: number;
  readonly portsMost: number;
  readonly goneAfterMs: number;
  readonly left: RealLaneTraces;
  /** Is the end of the command what it should be? */
  readonly asExpected: boolean;
}

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "50" },
    kills: { type: "string", default: "10" },
    seed: { type: "string", default: String(randomBytes(3).readUIntBE(0, 3)) },
    scenario: { type: "string", default: "acknowledged-updates-are-kept" },
  },
});
const [runs, kills, seed] = [Number(values.runs), Number(values.kills), Number(values.seed)];
const random = randomStream(seed, "leaks");
const killed = chooseKilled();
using traced = new TracedFolder();

let wholeRunMs = FIRST_RUN_MS;
let leaks = 0;
let surprises = 0;
const goneAfter: number[] = [];
process.stdout.write(`${runs} runs of ${values.scenario}, ${killed.size} of them killed, seed ${seed}\n`);
print("run", "ended", "took", "processes", "ports", "gone after", "left behind");
for (let run = 1; run <= runs; run++) {
  const seen = await oneRun(run, killed.has(run) ? random.integer(0, wholeRunMs) : null);
  const left = [...seen.left.processes, ...seen.left.ports.map((port) => `port ${port}`), ...seen.left.files];
  if (!killed.has(run)) wholeRunMs = seen.tookMs;
  else goneAfter.push(seen.goneAfterMs);
  leaks += left.length;
  if (!seen.asExpected) surprises++;
  const { how, tookMs, processesMost, portsMost, goneAfterMs } = seen;
  print(
    run,
    how,
    `${tookMs} ms`,
    processesMost,
    portsMost,
    `${goneAfterMs} ms`,
    left.join(", ") || "nothing",
  );
}
process.stdout.write(
  `${runs} runs, ${killed.size} killed: ${leaks} left behind, ${surprises} with an unexpected end; ` +
    `all gone after at most ${Math.max(0, ...goneAfter)} ms where the harness was killed\n`,
);
process.exitCode = leaks + surprises === 0 && runs > 0 ? 0 : 1;

function chooseKilled(): Set<number> {
  const chosen = new Set<number>();
  while (chosen.size < Math.min(kills, runs)) chosen.add(random.integer(1, runs));
  return chosen;
}

/** One run of the command, killed after so many milliseconds if it has not ended by then. */
async function oneRun(run: number, killAfterMs: number | null): Promise<RunSeen> {
  const out = join(traced.path, `run-${run}`);
  const { scenario } = values;
  const args = ["run", scenario, "--lane", "real", "--form", "hardened", "--runs", "1", "--out", out];
  const startMs = performance.now();
  const command = startCli([...args, "--seed", String(seed + run)], {
    env: { ...componentVariables(), TMPDIR: traced.path },
  });
  const end = endOf(command);
  const since = () => Math.round(performance.now() - startMs);
  const ports = new Set<number>();
  let processesMost = 0;
  let over = false;
  const looking = (async () => {
    while (!over) {
      const now = traced.traces();
      processesMost = Math.max(processesMost, now.processes.length);
      for (const port of now.ports) ports.add(port);
      await sleep(LOOK_EVERY_MS);
    }
  })();
  const alarm = new AbortController();
  if (killAfterMs !== null) {
    const killIt = sleep(killAfterMs, undefined, { signal: alarm.signal });
    void killIt.then(
      () => command.kill("SIGKILL"),
      () => {},
    );
  }
  const { code, signal, stderr } = await end;
  alarm.abort();
  const tookMs = since();
  over = true;
  await looking;
  const left = await whatIsLeft([...ports]);
  const goneAfterMs = since() - tookMs;
  const asExpected = signal === "SIGKILL" ? killAfterMs !== null : code === 0 || code === 2;
  if (!asExpected) process.stdout.write(stderr);
  const how = signal === null ? `exit ${code}` : `${signal} at ${killAfterMs} ms`;
  return { how, tookMs, processesMost, portsMost: ports.size, goneAfterMs, left, asExpected };
}

/** Looks until nothing is left, or for long enough. */
async function whatIsLeft(ports: readonly number[]): Promise<RealLaneTraces> {
  const endMs = performance.now() + GONE_MS_MAX;
  for (;;) {
    const { processes, files } = traced.traces();
    const still = listening();
    const left = { processes, files, ports: ports.filter((port) => still.includes(port)) };
    const none = processes.length + files.length + left.ports.length === 0;
    if (none || performance.now() > endMs) return left;
    await sleep(LOOK_EVERY_MS / 10);
  }
}

function print(...cells: readonly (string | number)[]): void {
  const widths = [4, 20, 10, 10, 6, 12];
  process.stdout.write(`${cells.map((cell, i) => String(cell).padEnd(widths[i] ?? 0)).join("")}\n`);
}
