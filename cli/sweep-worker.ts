import { parentPort, workerData } from "node:worker_threads";
import { serveRuns } from "../harness/run/sweep-worker.ts";
import { withoutFaults } from "../harness/run/without-faults.ts";
import { loadConfig } from "./config/load-config.ts";
import { scenariosOf } from "./config/scenarios-of.ts";
import type { SweepWorkerData } from "./spawn-sweep-worker.ts";

// The entry of a worker thread: the same scenarios as in the main thread, found the same way.
const data = workerData as SweepWorkerData | null;
const configPath = data?.configPath ?? null;
const loaded = configPath === null ? { config: {}, path: null } : await loadConfig(configPath, "");
const left = data?.withoutFaults ?? [];
const scenarios = scenariosOf(loaded).map((scenario) => withoutFaults(scenario, left));
if (parentPort !== null) serveRuns(parentPort, scenarios);
