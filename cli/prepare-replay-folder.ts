import { resolve } from "node:path";
import { RUN_FILES } from "../harness/run/run-folder.ts";
import { prepareOwnFolder } from "./prepare-own-folder.ts";
import { REPORT_FILE } from "./write-report.ts";

/** What a replay leaves in its folder, besides a numbered folder for each execution in the real lane. */
const OWN_NAMES: ReadonlySet<string> = new Set([
  RUN_FILES.history,
  RUN_FILES.plan,
  RUN_FILES.story,
  RUN_FILES.servers,
  REPORT_FILE,
]);

/** Makes `folder` an empty folder for a replay, and answers its whole path. Throws `bad-out-folder`. */
export function prepareReplayFolder(folder: string, cwd: string): string {
  prepareOwnFolder(folder, cwd, (name) => OWN_NAMES.has(name) || /^\d+$/.test(name), RUN_FILES.history);
  return resolve(cwd, folder);
}
