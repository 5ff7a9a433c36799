import { chmodSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { join } from "node:path";
import { processTable } from "../../../harness/real/processes/process-table.ts";

/** What runs of the real lane may leave on a machine (Linux only). */
export interface RealLaneTraces {
  /** Living processes, each as `number command line`. */
  readonly processes: readonly string[];
  /** Loopback ports that these processes listen on. */
  readonly ports: readonly number[];
  /** What the harness made in the temporary folder: it begins with `faultline-`. */
  readonly files: readonly string[];
}

/**
 * A temporary folder of its own for harnesses (`TMPDIR`), by which everything that they start can be told
 * from what others run: their processes have it in their environment, their command line or as a working
 * directory, and their reapers are named in the environment of what they reap.
 */
export class TracedFolder implements Disposable {
  readonly path: string;
  /** Numbers of the reapers that were ever seen, with the moment of their start. */
  readonly #reapers = new Map<number, string>();

  constructor() {
    // Short: the paths of sockets are. Open: a PostgreSQL server started by root runs as another user.
    this.path = mkdtempSync("/tmp/fl-");
    chmodSync(this.path, 0o711);
  }

  /** What there is now. */
  traces(): RealLaneTraces {
    const alive = processTable().filter(({ pid, zombie }) => !zombie && pid !== process.pid);
    const own = alive.filter(({ pid }) => this.#isOwn(pid));
    const reapers = alive.filter(({ pid, started }) => this.#reapers.get(pid) === started);
    const pids = [...new Set([...own, ...reapers].map(({ pid }) => pid))];
    return {
      processes: pids.map((pid) => `${pid} ${commandOf(pid)}`),
      ports: listening(pids.flatMap(socketsOf)),
      files: readdirSync(this.path).filter((name) => name.startsWith("faultline-")),
    };
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }

  #isOwn(pid: number): boolean {
    const environment = fileOf(pid, "environ").split("\0");
    const ours = environment.includes(`TMPDIR=${this.path}`);
    for (const variable of environment) {
      const [, reaper = "", started = ""] = /^FAULTLINE_REAPER=(\d+)\.(\d+)$/.exec(variable) ?? [];
      if (ours && reaper !== "") this.#reapers.set(Number(reaper), started);
      if (reaper !== "" && this.#reapers.get(Number(reaper)) === started) return true;
    }
    return ours || commandOf(pid).includes(`${this.path}/`) || folderOf(pid).startsWith(`${this.path}/`);
  }
}

/** The ports of all listening TCP sockets, or of those with these inodes. */
export function listening(inodes?: readonly string[]): number[] {
  const found = new Set<number>();
  for (const table of ["/proc/net/tcp", "/proc/net/tcp6"]) {
    for (const line of readFileSync(table, "latin1").split("\n").slice(1)) {
      const [, local = "", , state, , , , , , inode = ""] = line.trim().split(/\s+/);
      const port = Number.parseInt(local.slice(local.lastIndexOf(":") + 1), 16);
      if (state === "0A" && (inodes === undefined || inodes.includes(inode))) found.add(port);
    }
  }
  return [...found].sort((a, b) => a - b);
}

function socketsOf(pid: number): string[] {
  const folder = `/proc/${pid}/fd`;
  try {
    return readdirSync(folder).flatMap((name) => {
      const [, inode] = /^socket:\[(\d+)\]$/.exec(linkOf(join(folder, name))) ?? [];
      return inode === undefined ? [] : [inode];
    });
  } catch {
    return [];
  }
}

function commandOf(pid: number): string {
  return fileOf(pid, "cmdline").replaceAll("\0", " ").trim();
}

function folderOf(pid: number): string {
  return linkOf(`/proc/${pid}/cwd`);
}

/** "" where the process has ended meanwhile. */
function fileOf(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, "latin1");
  } catch {
    return "";
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}
