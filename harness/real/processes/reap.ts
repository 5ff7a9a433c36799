import { readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import type { Clock } from "../../time/clock.ts";
import { removePostgresSharedMemory } from "./postgres-shared-memory.ts";
import { processRow, processTable } from "./process-table.ts";
import { REAPER_VARIABLE } from "./reaper-message.ts";
import { sendSignal, signalTree } from "./signal-tree.ts";

const POSTGRES_STOP_MS = 1_500;
const KILL_MS = 5_000;
const PAUSE_MS = 20;

/** A process that may have to be ended. */
export interface ReapedProcess {
  readonly pid: number;
  /** From the process table when it was new; "" when it had already ended by then. */
  readonly started: string;
  /** The data directory where it is a PostgreSQL server. */
  readonly postgresData: string | null;
}

/**
 * Ends processes with everything below them and removes folders. PostgreSQL servers are asked to stop at
 * once first (SIGQUIT), because only they know their backends for certain. `mark` is what else carries it
 * in its environment (Linux only): what was started in the moment in which the harness died.
 */
export async function reap(
  processes: readonly ReapedProcess[],
  folders: readonly string[],
  mark: string,
  clock: Clock,
): Promise<void> {
  const alive = (): ReapedProcess[] => processes.filter(isAlive);
  for (const { pid, postgresData } of alive()) {
    if (postgresData === null) continue;
    signalTree(pid, "SIGCONT");
    sendSignal(pid, "SIGQUIT");
  }
  for (const { pid, postgresData } of alive()) if (postgresData === null) signalTree(pid, "SIGKILL");
  await until(() => alive().length === 0, POSTGRES_STOP_MS, clock);
  const data = processes.flatMap(({ postgresData }) => (postgresData === null ? [] : [postgresData]));
  await until(() => killRest(alive(), data, mark) === 0, KILL_MS, clock);
  for (const folder of data) removePostgresSharedMemory(folder);
  for (const folder of folders) {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: PAUSE_MS });
  }
}

function isAlive({ pid, started }: ReapedProcess): boolean {
  const row = processRow(pid);
  return row !== undefined && !row.zombie && row.started === started;
}

/** Kills what is left; answers how many that were. */
function killRest(known: readonly ReapedProcess[], data: readonly string[], mark: string): number {
  const left = new Set(known.map(({ pid }) => pid));
  for (const pid of strays(data, mark)) left.add(pid);
  for (const pid of left) signalTree(pid, "SIGKILL");
  return left.size;
}

/** Living processes that carry the mark, and PostgreSQL backends whose postmaster is already dead. */
function strays(data: readonly string[], mark: string): number[] {
  try {
    readdirSync("/proc/self");
  } catch {
    return [];
  }
  return processTable()
    .filter(({ pid, zombie }) => !zombie && pid !== process.pid)
    .filter(({ pid }) => carries(pid, mark) || data.includes(postgresFolderOf(pid)))
    .map(({ pid }) => pid);
}

function carries(pid: number, mark: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, "latin1").split("\0").includes(`${REAPER_VARIABLE}=${mark}`);
  } catch {
    return false;
  }
}

function postgresFolderOf(pid: number): string {
  try {
    if (!readlinkSync(`/proc/${pid}/exe`).endsWith("/postgres")) return "";
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return "";
  }
}

async function until(done: () => boolean, timeoutMs: number, clock: Clock): Promise<void> {
  const endNs = clock.monotonicNs() + timeoutMs * 1e6;
  while (!done() && clock.monotonicNs() < endNs) await clock.sleep(PAUSE_MS);
}
