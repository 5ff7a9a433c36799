import { Worker } from "node:worker_threads";

/** What a worker needs to find the same scenarios as the main thread. */
export interface SweepWorkerData {
  /** Absolute path of the configuration, or null: then there are the built-in scenarios only. */
  readonly configPath: string | null;
  /** Faults to leave out. */
  readonly withoutFaults: readonly string[];
}

/** Starts a worker thread that executes runs. What it prints goes to stderr. */
export function spawnSweepWorker(data: SweepWorkerData): Worker {
  const entry = import.meta.url.endsWith(".ts") ? "./sweep-worker.ts" : "./sweep-worker.js";
  const worker = new Worker(new URL(entry, import.meta.url), { workerData: data, stdout: true });
  worker.stdout.pipe(process.stderr, { end: false });
  return worker;
}
