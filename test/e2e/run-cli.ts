import { type ChildProcess, execFile, spawn } from "node:child_process";
import { join } from "node:path";

/** The root of the project. */
export const root: string = join(import.meta.dirname, "../..");

/** The smallest catalogue there is: two forms of one service without a store. */
export const noteConfig: string = join(root, "examples/own-service/faultline.config.ts");

/** How a command ended. */
export interface CliEnd {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a command is started. Variables of the tests' own environment are not passed on. */
export interface CliStart {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const launcher = join(root, "cli/faultline.mjs");

/** Runs the real command line to its end. */
export function runCli(args: readonly string[], start: CliStart = {}): Promise<CliEnd> {
  return new Promise((resolve) => {
    const options = { cwd: start.cwd ?? root, env: cleanEnv(start.env), maxBuffer: 1 << 28 };
    const child = execFile(process.execPath, [launcher, ...args], options, (_error, stdout, stderr) => {
      resolve({ code: child.exitCode, stdout, stderr });
    });
  });
}

/** Starts the real command line and does not wait. */
export function startCli(args: readonly string[], start: CliStart = {}): ChildProcess {
  return spawn(process.execPath, [launcher, ...args], {
    cwd: start.cwd ?? root,
    env: cleanEnv(start.env),
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** The end of a command that was started. */
export function endOf(child: ChildProcess): Promise<CliEnd & { readonly signal: NodeJS.Signals | null }> {
  const texts = { stdout: "", stderr: "" };
  child.stdout?.on("data", (chunk) => (texts.stdout += chunk));
  child.stderr?.on("data", (chunk) => (texts.stderr += chunk));
  return new Promise((resolve) => {
    child.on("close", (code, signal) => resolve({ code, signal, ...texts }));
  });
}

function cleanEnv(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const { PATH = "", HOME = "", TMPDIR = "" } = process.env;
  return { PATH, HOME, ...(TMPDIR === "" ? {} : { TMPDIR }), ...more };
}
