import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { FaultlineError } from "../../faultline-error.ts";
import type { MadeThing } from "../substrate/remove-made.ts";
import { processRow } from "./process-table.ts";
import type { ReaperMessage } from "./reaper-message.ts";
import type { LabelledContainers } from "./remove-containers.ts";

/**
 * A small process of its own that outlives the harness, however that ends, kills what the harness started
 * and removes its temporary folders, its containers and what it made on servers of somebody else. To dispose is to let it do that now, and to wait for it.
 */
export interface Reaper extends AsyncDisposable {
  readonly pid: number;
  /** The value of the variable `FAULTLINE_REAPER` for the processes that it shall reap. */
  readonly mark: string;
  /**
   * A process that leads a group was started. `postgresData` is the data directory where it is a
   * PostgreSQL server: that one is asked to stop at once before it is killed.
   * Throws `FaultlineError` `reaper-gone`.
   */
  watch(pid: number, postgresData?: string): void;
  /** A process is known to have ended: its number may belong to another one soon. */
  ended(pid: number): void;
  /** A temporary folder; removed in the end. Tell it as soon as the folder is made. Throws `reaper-gone`. */
  addFolder(path: string): void;
  /** Containers that bear a label, removed in the end. Tell it before the first is made. Throws `reaper-gone`. */
  addContainers(containers: LabelledContainers): void;
  /**
   * Something on a server that outlives the harness, removed in the end. Tell it before it is made. The answer tells that it has
   * changed, or (null) is gone. Both throw `reaper-gone`.
   */
  addMade(thing: MadeThing): (thing: MadeThing | null) => void;
}

/** Starts a reaper; it is ready for messages at once. */
export function startReaper(): Reaper {
  const entry = import.meta.url.endsWith(".ts") ? "./reaper-entry.ts" : "./reaper-entry.js";
  const child = spawn(process.execPath, [fileURLToPath(new URL(entry, import.meta.url))], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
    cwd: "/",
    env: { PATH: process.env.PATH },
  });
  // Neither the reaper nor its pipe keeps the harness alive: a harness that just ends is reaped too.
  child.unref();
  const { stdin, pid = 0 } = child;
  if ("unref" in stdin && typeof stdin.unref === "function") stdin.unref();
  let gone = pid === 0;
  const exited = new Promise<void>((resolve) => {
    const end = (): void => {
      gone = true;
      resolve();
    };
    child.once("exit", end);
    child.once("error", end);
  });
  stdin.on("error", () => {
    gone = true;
  });
  const tell = (message: ReaperMessage): void => {
    if (gone) throw reaperGone();
    stdin.write(`${JSON.stringify(message)}\n`);
  };
  let things = 0;
  return {
    pid,
    mark: `${pid}.${processRow(pid)?.started ?? ""}`,
    watch: (watched, postgresData) =>
      tell(postgresData === undefined ? { watch: watched } : { watch: watched, postgresData }),
    ended: (ended) => {
      if (!gone) tell({ ended });
    },
    addFolder: (folder) => tell({ folder }),
    addContainers: (containers) => tell({ containers }),
    addMade: (thing) => {
      const made = things++;
      tell({ made, thing });
      return (changed) => tell({ made, thing: changed });
    },
    async [Symbol.asyncDispose]() {
      child.ref();
      stdin.end();
      await exited;
    },
  };
}

function reaperGone(): FaultlineError {
  return new FaultlineError(
    "harness",
    "reaper-gone",
    "The process that cleans up after the harness has ended: nothing more is started, since nobody would end it.",
    "Was it killed? Start the run again.",
  );
}
