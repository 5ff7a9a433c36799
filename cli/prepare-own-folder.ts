import { accessSync, constants, existsSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { FaultlineError } from "../harness/faultline-error.ts";
import { oneLine } from "./error-document.ts";
import { shownPath } from "./look-at-path.ts";

/**
 * Makes `folder` an empty folder: creates it, or takes away what an earlier run left in it, which is
 * known by the file `marker` and has only names that are `isOwn`. Throws `bad-out-folder` when there is something
 * else in it, or when it cannot be written to.
 */
export function prepareOwnFolder(
  folder: string,
  cwd: string,
  isOwn: (name: string) => boolean,
  marker: string,
): void {
  const path = resolve(cwd, folder);
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found !== undefined && !found.isDirectory()) throw badFolder(folder, "is not a folder");
    createWithParents(path);
    accessSync(path, constants.W_OK);
    const names = readdirSync(path);
    const foreign = names.find((name) => !isOwn(name));
    if (foreign !== undefined) throw badFolder(folder, `holds something else (${foreign})`);
    if (names.length > 0 && !names.includes(marker)) {
      throw badFolder(folder, "is not empty, and was not made by this command");
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

function badFolder(folder: string, why: string): FaultlineError {
  const hint = "Name a new folder, an empty one, or one of an earlier run, which is then replaced.";
  return new FaultlineError("usage", "bad-out-folder", `The folder ${shownPath(folder)} ${why}.`, hint);
}
