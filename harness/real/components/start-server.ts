import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { FaultlineError } from "../../faultline-error.ts";
import { logTail } from "../processes/log-tail.ts";
import {
  type ProcessOptions,
  type SupervisedProcess,
  spawnProcess,
} from "../processes/supervised-process.ts";
import { waitUntil } from "../processes/wait-until.ts";
import type { FoundComponent } from "./component.ts";
import type { RunningServer } from "./running-server.ts";
import type { ServerSite } from "./server-site.ts";

const STARTS_MAX = 3;
const READY_TIMEOUT_MS = 60_000;
const PORT_TAKEN = /address already in use|EADDRINUSE|could not bind|Failed to bind/i;

/** How a server is started on a port, and how one sees that it is ready. */
export interface ServerLaunch {
  readonly url: string;
  readonly process: Pick<
    ProcessOptions,
    "command" | "args" | "cwd" | "env" | "stopSignal" | "stopTimeoutMs" | "user" | "postgresData"
  >;
  /** Is it ready? Asked every 10 ms. */
  isReady(server: SupervisedProcess, ownLog: () => string): boolean | Promise<boolean>;
  /** Cleans up after a SIGKILL. */
  afterKill?(): void;
}

/** Makes what a server needs in its data folder, for a port. */
export type PrepareServer = (port: number, folder: string) => ServerLaunch | Promise<ServerLaunch>;

/** Starts a server on a free port (or the given one), and waits until it is ready. Throws `FaultlineError`. */
export async function startServer(
  component: FoundComponent,
  site: ServerSite,
  prepare: PrepareServer,
  givenPort?: number,
): Promise<RunningServer> {
  mkdirSync(site.logFolder, { recursive: true });
  for (let start = 1; ; start++) {
    const port = givenPort ?? (await site.ports.next());
    const folder = join(site.dataFolder, start === 1 ? site.name : `${site.name}-${start}`);
    mkdirSync(folder, { recursive: true });
    const server = new ManagedServer(component, site, port, await prepare(port, folder));
    try {
      await server.restart();
      return server;
    } catch (error) {
      await server[Symbol.asyncDispose]();
      const again = givenPort === undefined && start < STARTS_MAX;
      if (!(again && error instanceof FaultlineError && error.code === "port-taken")) throw error;
    }
  }
}

class ManagedServer implements RunningServer {
  readonly kind: FoundComponent["kind"];
  readonly name: string;
  readonly label: string;
  readonly version: string;
  readonly host = "127.0.0.1" as const;
  readonly port: number;
  readonly url: string;
  readonly logPath: string;
  readonly died: Promise<FaultlineError>;
  startMs = 0;
  readonly #site: ServerSite;
  readonly #launch: ServerLaunch;
  #process: SupervisedProcess | undefined;
  #reportDeath: (error: FaultlineError) => void = () => {};

  constructor(component: FoundComponent, site: ServerSite, port: number, launch: ServerLaunch) {
    this.kind = component.kind;
    this.name = site.name;
    this.label = component.label;
    this.version = component.version;
    this.port = port;
    this.url = launch.url;
    this.logPath = join(site.logFolder, `${site.name}.log`);
    this.#site = site;
    this.#launch = launch;
    this.died = new Promise((resolve) => {
      this.#reportDeath = resolve;
    });
  }

  get pid(): number {
    return this.#process?.pid ?? 0;
  }

  get running(): boolean {
    return this.#process !== undefined && this.#process.exit === undefined;
  }

  get exited(): SupervisedProcess["exited"] {
    return this.#process?.exited ?? Promise.resolve({ code: null, signal: null, asked: true });
  }

  async kill(signal: "SIGKILL" | "SIGSTOP" | "SIGCONT"): Promise<void> {
    const sent = this.#process?.signal(signal);
    if (signal !== "SIGKILL" || sent !== true) return;
    await this.exited;
    this.#launch.afterKill?.();
  }

  async stop(): Promise<void> {
    await this.#process?.stop();
  }

  async restart(): Promise<void> {
    await this.stop();
    const { clock, reaper, name } = this.#site;
    const startNs = clock.monotonicNs();
    const logStart = sizeOf(this.logPath);
    const ownLog = (): string => logTail(this.logPath, { lines: 500, fromByte: logStart });
    const server = await spawnProcess({
      ...this.#launch.process,
      name,
      logPath: this.logPath,
      clock,
      reaper,
    });
    this.#process = server;
    await waitUntil(
      async () => {
        // Killed or stopped again by another fault, which also starts it again: that is no failure to start.
        if (server.exit?.asked === true) return true;
        if (server.exit !== undefined) throw this.#endedEarly(ownLog());
        return this.#launch.isReady(server, ownLog);
      },
      {
        clock,
        timeoutMs: READY_TIMEOUT_MS,
        everyMs: 10,
        what: `${name} to be ready`,
        details: () => lastLines(ownLog()),
      },
    );
    this.startMs = Math.round((clock.monotonicNs() - startNs) / 1e6);
    void server.exited.then((exit) => {
      if (!exit.asked) this.#reportDeath(this.#endedBySelf(exit.code, exit.signal));
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill("SIGKILL");
  }

  #endedEarly(log: string): FaultlineError {
    return new FaultlineError(
      "harness",
      PORT_TAKEN.test(log) ? "port-taken" : "component-failed",
      `${this.name} (${this.label} ${this.version}) ended before it was ready. The end of ${this.logPath}:\n${lastLines(log)}`,
      "`faultline doctor` tries each component on its own.",
    );
  }

  #endedBySelf(code: number | null, signal: NodeJS.Signals | null): FaultlineError {
    const how = signal === null ? `with code ${code}` : `by ${signal}`;
    return new FaultlineError(
      "harness",
      "component-died",
      `${this.name} (${this.label} ${this.version}) ended ${how} for a reason of its own. The end of ${this.logPath}:\n${logTail(this.logPath)}`,
      "No fault of the plan did this: the run says nothing about the services.",
    );
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function lastLines(text: string): string {
  return text.split("\n").slice(-20).join("\n");
}
