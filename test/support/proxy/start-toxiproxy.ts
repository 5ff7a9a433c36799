import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "./free-port.ts";

/** A Toxiproxy server of a test's own. */
export interface TestToxiproxy extends AsyncDisposable {
  readonly url: string;
}

/** Where the server is: FAULTLINE_TOXIPROXY, the PATH, Go's own folder. Null: nowhere. */
export function findToxiproxy(): string | null {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const candidates = [
    process.env.FAULTLINE_TOXIPROXY ?? "",
    ...folders.map((folder) => join(folder, "toxiproxy-server")),
    join(homedir(), ".cache", "faultline", "toxiproxy", "toxiproxy-server"),
    join(homedir(), "go", "bin", "server"),
  ];
  return candidates.find((path) => path !== "" && isExecutable(path)) ?? null;
}

/** Starts the server on a free port, and waits until it answers. */
export async function startToxiproxy(binary: string): Promise<TestToxiproxy> {
  const port = await freePort();
  const server = spawn(binary, ["-host", "127.0.0.1", "-port", String(port)], { stdio: "ignore" });
  const url = `http://127.0.0.1:${port}`;
  const exited = new Promise<void>((resolve) => server.once("exit", () => resolve()));
  for (let attempt = 0; ; attempt++) {
    const answers = await fetch(`${url}/version`).then(
      () => true,
      () => false,
    );
    if (answers) break;
    if (attempt > 200 || server.exitCode !== null) throw new Error("Toxiproxy does not answer.");
    await sleep(20);
  }
  return {
    url,
    [Symbol.asyncDispose]: async () => {
      server.kill("SIGKILL");
      await exited;
    },
  };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
