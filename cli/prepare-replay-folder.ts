import { resolve } from "node:path";
import { RUN_FILES } from "../harness/run/run-folder.ts";
import { prepareOwnFolder } from "./prepare-own-folder.ts";
import { REPORT_FILE } from "./write-report.ts";

/** What a replay leaves in its folder; nothing else is ever taken away. */
const OWN_NAMES: ReadonlySet<string> = new Set([
  RUN_FILES.history,
  RUN_FILES.plan,
  RUN_FILES.story,
  REPORT_FILE,
]);

/** Makes `folder` an empty folder for a replay, and answers its whole path. Throws `bad-out-folder`. */
export function prepareReplayFolder(folder: string, cwd: string): string {
  prepareOwnFolder(folder, cwd, OWN_NAMES, RUN_FILES.history);
  return resolve(cwd, folder);
}
