import { spawn } from "node:child_process";
import { join } from "node:path";
import { root } from "../../e2e/run-cli.ts";

/** A service of the reference implementation that runs as a process of its own. */
export interface StartedService extends AsyncDisposable {
  readonly url: string;
  /** Asks it to end. */
  terminate(): void;
  /** How it ended, and what it said. */
  readonly ended: Promise<{
    readonly code: number | null;
    readonly signal: string | null;
    readonly text: string;
  }>;
}

/** Starts one by `reference-impl/main.ts`; rejects, with what it said, where it ends before it listens. */
export async function startService(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<StartedService> {
  const child = spawn(process.execPath, [join(root, "reference-impl/main.ts"), ...args], {
    cwd: root,
    env: { PATH: process.env.PATH ?? "", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  const ended = new Promise<Awaited<StartedService["ended"]>>((resolve) => {
    child.on("close", (code, signal) => resolve({ code, signal, text }));
  });
  const url = await new Promise<string>((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      text += chunk.toString();
      const listens = /listens on (http:\S+)/.exec(text)?.[1];
      if (listens !== undefined) resolve(listens);
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    void ended.then(({ code }) => reject(new Error(`${args.join(" ")} ended with ${code}: ${text}`)));
  });
  return {
    url,
    terminate: () => child.kill("SIGTERM"),
    ended,
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
