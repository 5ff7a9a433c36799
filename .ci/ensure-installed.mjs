// Installs the packages of the lock file when node_modules is missing or does not match it.
// Plain JavaScript without dependencies: it runs before anything is installed, on Node 20 or later.

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** Why an installation is needed, or null when what is installed is what the lock file says. */
function reasonToInstall() {
  const installedFile = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(installedFile)) return "node_modules is missing or was left half installed";
  const wanted = packagesOf(join(root, "package-lock.json"));
  const installed = packagesOf(installedFile);
  for (const [path, entry] of Object.entries(wanted)) {
    const found = installed[path];
    if (path === "" || (found === undefined && entry.optional)) continue;
    if (found?.version !== entry.version) {
      return `node_modules is older than package-lock.json (${path.replace("node_modules/", "")})`;
    }
  }
  if (!existsSync(join(root, "node_modules", ".bin", "node"))) return "the pinned Node is missing";
  return null;
}

function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8")).packages ?? {};
  } catch {
    return {};
  }
}

const reason = reasonToInstall();
if (reason !== null) {
  process.stderr.write(`Installing the packages of package-lock.json with npm ci: ${reason}.\n`);
  const npm = process.env.npm_execpath;
  const args = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
  const result =
    npm === undefined
      ? spawnSync("npm", args, { cwd: root, stdio: ["ignore", 2, 2], shell: process.platform === "win32" })
      : spawnSync(process.execPath, [npm, ...args], { cwd: root, stdio: ["ignore", 2, 2] });
  if (result.status !== 0) {
    process.stderr.write("npm ci failed, see above. Without network, run it once where there is one.\n");
    process.exit(result.status ?? 1);
  }
}
