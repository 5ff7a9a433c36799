// Removes the folders that are named on the command line, below the root of the project only.

import { rmSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

for (const name of process.argv.slice(2)) {
  const folder = join(root, name);
  if (relative(root, folder).startsWith("..") || folder === root)
    throw new Error(`${name} is not below ${root}`);
  rmSync(folder, { recursive: true, force: true });
}
