import { accessSync, constants, existsSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { FaultlineError } from "../harness/faultline-error.ts";
import { RUN_FILES } from "../harness/run/run-folder.ts";
import { oneLine } from "./error-document.ts";
import { REPORT_FILE } from "./write-report.ts";

/** What a run leaves in its folder; nothing else is ever taken away. */
const OWN_NAMES: ReadonlySet<string> = new Set([
  RUN_FILES.manifest,
  RUN_FILES.results,
  RUN_FILES.verdict,
  RUN_FILES.stories,
  REPORT_FILE,
]);

/**
 * Makes `folder` an empty run folder: creates it, or takes away what an earlier run left in it. Throws
 * `bad-out-folder` when there is something else in it, or when it cannot be written to.
 */
export function prepareRunFolder(folder: string, cwd: string): void {
  const path = resolve(cwd, folder);
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found !== undefined && !found.isDirectory()) throw badFolder(folder, "is not a folder");
    createWithParents(path);
    accessSync(path, constants.W_OK);
    const names = readdirSync(path);
    const foreign = names.find((name) => !OWN_NAMES.has(name));
    if (foreign !== undefined) throw badFolder(folder, `holds something else (${foreign})`);
    if (names.length > 0 && !names.includes(RUN_FILES.manifest)) {
      throw badFolder(folder, "is not empty and not a run folder");
    }
    for (const name of names) rmSync(join(path, name), { recursive: true });
  } catch (error) {
    if (error instanceof FaultlineError) throw error;
    throw badFolder(folder, `cannot be written to: ${oneLine(error instanceof Error ? error.message : "")}`);
  }
}

/** Level by level: the recursive way of Node never ends where the file system refuses a new folder with ENOENT. */
function createWithParents(path: string): void {
  if (existsSync(path)) return;
  createWithParents(dirname(path));
  mkdirSync(path);
}

/** The default run folder: `.faultline/runs/<timestamp>-<seed>`, with a number behind it if that exists. */
export function defaultRunFolder(timestamp: string, seed: number, cwd: string): string {
  const name = join(".faultline", "runs", `${timestamp}-${seed}`);
  for (let number = 1; ; number++) {
    const folder = number === 1 ? name : `${name}-${number}`;
    if (!existsSync(resolve(cwd, folder))) return folder;
  }
}

function badFolder(folder: string, why: string): FaultlineError {
  const hint = "Name a new folder, an empty one, or one of an earlier run, which is then replaced.";
  return new FaultlineError("usage", "bad-out-folder", `The run folder ${folder} ${why}.`, hint);
}
