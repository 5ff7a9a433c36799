import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { FaultlineError } from "../../faultline-error.ts";
import type { Clock } from "../../time/clock.ts";
import type { Reaper } from "./reaper.ts";
import { REAPER_VARIABLE } from "./reaper-message.ts";
import { sendSignal, signalTree } from "./signal-tree.ts";

const STOP_TIMEOUT_MS = 10_000;

/** What is started, and who looks after it. */
export interface ProcessOptions {
  /** For errors: "user service", "kafka". */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** Added to PATH, HOME, TMPDIR and LANG of the harness; nothing else of its environment is handed on. */
  readonly env?: Readonly<Record<string, string>>;
  /** Where stdout and stderr are appended to. */
  readonly logPath: string;
  readonly clock: Clock;
  readonly reaper: Reaper;
  /** What asks it to stop: SIGTERM by default. */
  readonly stopSignal?: NodeJS.Signals;
  /** After that long it is killed: 10,000 by default. */
  readonly stopTimeoutMs?: number;
  /** The user that it runs as, where the harness is root. */
  readonly user?: { readonly uid: number; readonly gid: number };
  /** Its data directory where it is a PostgreSQL server. */
  readonly postgresData?: string;
}

/** How a process ended. */
export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Did the harness end it? Otherwise it died for a reason of its own. */
  readonly asked: boolean;
}

/** A process that the harness started: it leads a group of its own. To dispose is to stop it. */
export interface SupervisedProcess extends AsyncDisposable {
  readonly name: string;
  readonly pid: number;
  readonly logPath: string;
  /** Settles when it has ended; never rejects. */
  readonly exited: Promise<ProcessExit>;
  /** Undefined while it runs. */
  readonly exit: ProcessExit | undefined;
  /**
   * SIGKILL, SIGSTOP and SIGCONT reach everything below it too, SIGTERM only itself.
   * False when it had already ended. `exited` tells when it is gone.
   */
  signal(signal: "SIGKILL" | "SIGTERM" | "SIGSTOP" | "SIGCONT"): boolean;
  /** Asks it to stop, kills it if it does not; a stopped one (SIGSTOP) goes on first. Harmless when it has ended. */
  stop(): Promise<ProcessExit>;
}

/** Starts a process. Rejects with `FaultlineError` `cannot-start` when the program cannot be executed. */
export async function spawnProcess(options: ProcessOptions): Promise<SupervisedProcess> {
  const { name, command, args, cwd, logPath, reaper, user, postgresData } = options;
  const log = openSync(logPath, "a");
  let child: ChildProcess | undefined;
  try {
    child = spawn(command, args, {
      cwd,
      env: { ...basicEnvironment(), ...options.env, [REAPER_VARIABLE]: reaper.mark },
      detached: true,
      stdio: ["ignore", log, log],
      ...user,
    });
    if (child.pid !== undefined) reaper.watch(child.pid, postgresData);
  } catch (error) {
    if (child?.pid !== undefined) signalTree(child.pid, "SIGKILL");
    throw cannotStart(name, command, error);
  } finally {
    closeSync(log);
  }
  const { pid } = child;
  if (pid === undefined) {
    throw cannotStart(name, command, await new Promise((resolve) => child.once("error", resolve)));
  }
  return supervise(child, pid, options);
}

function supervise(child: ChildProcess, pid: number, options: ProcessOptions): SupervisedProcess {
  const { name, logPath, clock, reaper, stopSignal = "SIGTERM", stopTimeoutMs = STOP_TIMEOUT_MS } = options;
  let asked = false;
  let exit: ProcessExit | undefined;
  const exited = new Promise<ProcessExit>((resolve) => {
    child.once("exit", (code, signal) => {
      exit = { code, signal, asked };
      // What it started itself, and did not take along.
      sendSignal(-pid, "SIGKILL");
      reaper.ended(pid);
      resolve(exit);
    });
  });
  const stop = async (): Promise<ProcessExit> => {
    if (exit !== undefined) return exit;
    asked = true;
    signalTree(pid, "SIGCONT");
    sendSignal(pid, stopSignal);
    const endNs = clock.monotonicNs() + stopTimeoutMs * 1e6;
    // Short naps: a timer of the whole limit would keep the harness alive after the process has ended.
    while (exit === undefined && clock.monotonicNs() < endNs) await Promise.race([exited, clock.sleep(20)]);
    if (exit === undefined) signalTree(pid, "SIGKILL");
    return exited;
  };
  return {
    name,
    pid,
    logPath,
    exited,
    get exit() {
      return exit;
    },
    signal(signal) {
      if (exit !== undefined) return false;
      if (signal === "SIGTERM" || signal === "SIGKILL") asked = true;
      return signal === "SIGTERM" ? sendSignal(pid, signal) : signalTree(pid, signal);
    },
    stop,
    async [Symbol.asyncDispose]() {
      await stop();
    },
  };
}

function basicEnvironment(): Record<string, string> {
  const { PATH = "", HOME, TMPDIR } = process.env;
  return {
    PATH,
    LANG: "C.UTF-8",
    ...(HOME === undefined ? {} : { HOME }),
    ...(TMPDIR === undefined ? {} : { TMPDIR }),
  };
}

function cannotStart(name: string, command: string, error: unknown): FaultlineError {
  if (error instanceof FaultlineError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new FaultlineError(
    "harness",
    "cannot-start",
    `${name} cannot be started: ${command}: ${reason}`,
    "`faultline doctor` shows what is there and what is missing.",
  );
}
