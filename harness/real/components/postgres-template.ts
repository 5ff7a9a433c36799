import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FaultlineError } from "../../faultline-error.ts";
import { keepInCache } from "./cache.ts";
import { copyFolder } from "./copy-folder.ts";
import type { PostgresBinaries, PostgresUser } from "./postgres-binaries.ts";
import { runProgram } from "./run-program.ts";

const TIMEOUT_MS = 120_000;

/**
 * Makes, once, an initialised data directory in the cache, so that a start is a copy (0.1 s) instead of an
 * `initdb` (1 s). Answers its path. Throws `component-failed` with what initdb said.
 */
export async function postgresTemplate(
  binaries: PostgresBinaries,
  user: PostgresUser | null,
  cacheFolder: string,
): Promise<string> {
  const owner = user === null ? "own" : String(user.uid);
  const folder = join(cacheFolder, "postgres", `${binaries.packageVersion}-${owner}-r1`);
  const template = join(folder, "data");
  if (existsSync(template)) return template;
  await keepInCache(folder, "npm package", async (temporary) => {
    // Not in the cache folder itself: as root that is closed to the user that initdb runs as.
    const scratch = mkdtempSync(join(tmpdir(), "faultline-initdb-"));
    try {
      await initialise(binaries, user, scratch);
      await copyFolder(join(scratch, "data"), join(temporary, "data"));
      return { ok: true };
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  });
  return template;
}

async function initialise(
  binaries: PostgresBinaries,
  user: PostgresUser | null,
  scratch: string,
): Promise<void> {
  chmodSync(scratch, 0o711);
  const data = join(scratch, "data");
  mkdirSync(data, { mode: 0o700 });
  if (user !== null) chownSync(data, user.uid, user.gid);
  const flags = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.utf8", "--no-sync"];
  // Small segments: an empty server is then 25 MB and not 40, and its copy quicker.
  const { code, output } = await runProgram(
    binaries.initdb,
    [`--pgdata=${data}`, ...flags, "--wal-segsize=1"],
    {
      timeoutMs: TIMEOUT_MS,
      cwd: scratch,
      env: { PATH: process.env.PATH, LC_ALL: "C" },
      ...(user === null ? {} : { user }),
    },
  );
  if (code !== 0) throw failed(output);
}

function failed(output: string): FaultlineError {
  return new FaultlineError(
    "harness",
    "component-failed",
    `initdb failed:\n${output.trim().split("\n").slice(-20).join("\n")}`,
    "`faultline doctor` tries each component on its own.",
  );
}
