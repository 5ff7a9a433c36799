import { existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { keepInCache } from "./cache.ts";
import { mongodFolder } from "./mongodb.component.ts";
import { attempt, lastWords, type ObtainContext, type Obtained } from "./obtain.ts";
import { pinnedVersions } from "./pinned-versions.ts";
import { runProgram } from "./run-program.ts";

const PACKAGE = "mongodb-memory-server-core";
const DOWNLOAD_TIMEOUT_MS = 600_000;
const VERSION_TIMEOUT_MS = 10_000;
const COMMAND = "faultline setup --component mongodb";

/**
 * Gets MongoDB itself into the cache, by `mongodb-memory-server-core`, which knows what MongoDB is called for which
 * system. The archive is compared with the MD5 that is published beside it, over TLS with certificates that are checked.
 */
export async function obtainMongod(context: ObtainContext): Promise<Obtained> {
  const { environment, offline, say } = context;
  if (offline) return refuse("MongoDB is not fetched when offline.");
  if (!isInstalled()) {
    return {
      ok: false,
      why: `${PACKAGE}, which would fetch MongoDB, is not installed.`,
      command: `npm install --save-dev ${PACKAGE} && ${COMMAND}`,
    };
  }
  const version = pinnedVersions.mongodb;
  say(`mongodb: fetching MongoDB ${version} by ${PACKAGE} (80 MB or more)`);
  const get = (): Promise<Obtained> =>
    keepInCache(join(environment.cacheFolder, mongodFolder), PACKAGE, (folder) => download(folder, context));
  return attempt(get, COMMAND);
}

async function download(folder: string, { environment }: ObtainContext): Promise<Obtained> {
  const env = {
    // The package checks certificates only when npm is told to; whoever told npm not to has reasons.
    npm_config_strict_ssl: "true",
    MONGOMS_MAX_RETRIES: "1",
    ...environment.env,
    MONGOMS_VERSION: pinnedVersions.mongodb,
    MONGOMS_DOWNLOAD_DIR: folder,
    MONGOMS_PREFER_GLOBAL_PATH: "false",
    MONGOMS_MD5_CHECK: "true",
    MONGOMS_RUNTIME_DOWNLOAD: "true",
    MONGOMS_SYSTEM_BINARY: "",
  };
  const options = { timeoutMs: DOWNLOAD_TIMEOUT_MS, cwd: folder, env };
  const { code, output } = await runProgram(process.execPath, [entry()], options);
  if (code !== 0) return refuse(`${PACKAGE} got no MongoDB: ${reasonIn(output)}`);
  const path = output.split("\n").findLast((line) => line.startsWith(folder)) ?? "";
  if (!existsSync(path)) return refuse(`${PACKAGE} told no path of a mongod: ${lastWords(output)}`);
  renameSync(path, join(folder, "mongod"));
  for (const name of readdirSync(folder))
    if (name !== "mongod") rmSync(join(folder, name), { recursive: true });
  // It may want libraries that this machine does not have.
  const tried = await runProgram(join(folder, "mongod"), ["--version"], {
    timeoutMs: VERSION_TIMEOUT_MS,
    env: environment.env,
  });
  if (tried.code !== 0)
    return refuse(`the mongod of ${PACKAGE} does not run here: ${lastWords(tried.output)}`);
  return { ok: true };
}

/** What a stack of errors says, without its calls. */
function reasonIn(output: string): string {
  const lines = output.split("\n").map((line) => line.trim());
  const first = lines.findIndex((line) => /Error\b.*: /.test(line));
  const told = lines.slice(Math.max(first, 0)).filter((line) => line !== "" && !line.startsWith("at "));
  return told.slice(0, 2).join(" ");
}

function isInstalled(): boolean {
  try {
    import.meta.resolve(PACKAGE);
    return true;
  } catch {
    return false;
  }
}

function entry(): string {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  return fileURLToPath(new URL(`./download-mongod-entry.${extension}`, import.meta.url));
}

function refuse(why: string): Obtained {
  return { ok: false, why, command: COMMAND };
}
