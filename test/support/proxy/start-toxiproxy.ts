import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { componentEnvironment } from "../../../harness/real/components/component-environment.ts";
import { findToxiproxy } from "../../../harness/real/components/toxiproxy.component.ts";
import { freePort } from "./free-port.ts";

/** A Toxiproxy server of a test's own. */
export interface TestToxiproxy extends AsyncDisposable {
  readonly url: string;
}

/** Where the server is, looked for as the product does. Null: nowhere. */
export async function findToxiproxyServer(): Promise<string | null> {
  const search = await findToxiproxy(componentEnvironment(process.env));
  return search.found ? search.path : null;
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
