import type { Stats } from "node:fs";
import { resolve } from "node:path";
import { FaultlineError } from "../harness/faultline-error.ts";
import { lookAtPath, shownPath } from "./look-at-path.ts";

/** The absolute path of an existing file. Throws `file-not-found`, `unreadable-path` or `not-a-file`. */
export function requireFile(path: string, cwd: string): string {
  const found = existing(path, cwd);
  if (found.isFile() || found.isFIFO()) return resolve(cwd, path);
  const what = found.isDirectory() ? "a folder" : "a device";
  throw new FaultlineError("usage", "not-a-file", `${shownPath(path)} is ${what}, a file is expected.`);
}

/** The absolute path of an existing folder. Throws `file-not-found`, `unreadable-path` or `not-a-folder`. */
export function requireFolder(path: string, cwd: string): string {
  const found = existing(path, cwd);
  if (found.isDirectory()) return resolve(cwd, path);
  throw new FaultlineError("usage", "not-a-folder", `${shownPath(path)} is a file, a folder is expected.`);
}

function existing(path: string, cwd: string): Stats {
  const found = lookAtPath(path, cwd);
  if (found !== undefined) return found;
  throw new FaultlineError("usage", "file-not-found", `There is no ${shownPath(path)}.`);
}
