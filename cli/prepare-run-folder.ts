import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { RUN_FILES } from "../harness/run/run-folder.ts";
import { prepareOwnFolder } from "./prepare-own-folder.ts";
import { REPORT_FILE } from "./write-report.ts";

/** What a run leaves in its folder, in either lane; nothing else is ever taken away. */
const OWN_NAMES: ReadonlySet<string> = new Set([
  RUN_FILES.manifest,
  RUN_FILES.results,
  RUN_FILES.verdict,
  RUN_FILES.stories,
  RUN_FILES.servers,
  RUN_FILES.runs,
  REPORT_FILE,
]);

/** Makes `folder` an empty run folder. Throws `bad-out-folder`. */
export function prepareRunFolder(folder: string, cwd: string): void {
  prepareOwnFolder(folder, cwd, (name) => OWN_NAMES.has(name), RUN_FILES.manifest);
}

/** The default run folder: `.faultline/runs/<timestamp>-<seed>`, with a number behind it if that exists. */
export function defaultRunFolder(timestamp: string, seed: number, cwd: string): string {
  const name = join(".faultline", "runs", `${timestamp}-${seed}`);
  for (let number = 1; ; number++) {
    const folder = number === 1 ? name : `${name}-${number}`;
    if (!existsSync(resolve(cwd, folder))) return folder;
  }
}
