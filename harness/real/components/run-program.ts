import { execFile } from "node:child_process";

/** How a program ended, and what it said on stdout and stderr. */
export interface ProgramResult {
  /** Null when it could not be started, was killed or took too long. */
  readonly code: number | null;
  readonly output: string;
}

/** Where and how long a program runs. */
export interface ProgramOptions {
  readonly timeoutMs: number;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly user?: { readonly uid: number; readonly gid: number };
}

/** Runs a program to its end without a shell. Never rejects. */
export function runProgram(
  command: string,
  args: readonly string[],
  { timeoutMs, cwd, env, user }: ProgramOptions,
): Promise<ProgramResult> {
  return new Promise((resolve) => {
    const options = {
      timeout: timeoutMs,
      killSignal: "SIGKILL" as const,
      maxBuffer: 16 * 2 ** 20,
      ...(cwd === undefined ? {} : { cwd }),
      ...(env === undefined ? {} : { env: env as NodeJS.ProcessEnv }),
      ...user,
    };
    execFile(command, args, options, (error, stdout, stderr) => {
      const output = `${stdout}${stderr}`;
      if (error === null) return resolve({ code: 0, output });
      const code = typeof error.code === "number" ? error.code : null;
      resolve({ code, output: output.trim() === "" ? error.message : output });
    }).stdin?.end();
  });
}

/** The first `1.2.3` in a text, "unknown" when there is none. */
export function versionIn(text: string): string {
  return /\d+(?:\.\d+)+/.exec(text)?.[0] ?? "unknown";
}
