/**
 * Seeds per second of the hardened forms, with one worker thread and with more.
 *
 *     node bench/sweep.bench.ts [seeds]
 */
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { sweep } from "../harness/run/sweep.ts";
import { wallClockMs } from "../harness/time/wall-clock.ts";
import { scenarios } from "../scenarios/index.ts";

const seeds = Number(process.argv[2] ?? 500);

async function seedsPerSecond(workers: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "faultline-bench-"));
  const startMs = wallClockMs();
  const { suite } = await sweep({
    scenarios,
    form: "hardened",
    seed: 1,
    untilCaught: false,
    runs: seeds,
    workers,
    folder,
    spawnWorker: () => new Worker(new URL("../cli/sweep-worker.ts", import.meta.url)),
    signal: new AbortController().signal,
    onProgress: () => {},
  });
  const seconds = (wallClockMs() - startMs) / 1000;
  rmSync(folder, { recursive: true });
  return suite.summary.reduce((sum, form) => sum + form.seeds, 0) / seconds;
}

const cores = availableParallelism();
let single = 0;
for (let workers = 1; workers <= Math.max(2, cores); workers *= 2) {
  const rate = await seedsPerSecond(workers);
  if (workers === 1) single = rate;
  const ratio = (rate / single).toFixed(2);
  console.log(
    `${workers} worker(s): ${Math.round(rate)} seeds/s, ${ratio} times one worker (${cores} cores)`,
  );
}
