import { parentPort } from "node:worker_threads";
import { serveRuns } from "../../harness/run/sweep-worker.ts";
import { registerScenario } from "./register-scenario.ts";

if (parentPort !== null) serveRuns(parentPort, [registerScenario]);
