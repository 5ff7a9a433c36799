import { connect } from "node:net";
import type { RealProcess } from "../../faults/real-fault-port.ts";
import type { Clock } from "../../time/clock.ts";
import { logTail } from "../processes/log-tail.ts";
import type { Reaper } from "../processes/reaper.ts";
import { type ProcessExit, type SupervisedProcess, spawnProcess } from "../processes/supervised-process.ts";
import { waitUntil } from "../processes/wait-until.ts";
import type { UnaskedDeath } from "../substrate/substrate.ts";

/** How a service is started. */
export interface ServiceProcessOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly logPath: string;
  /** Where it listens when it is ready. */
  readonly port: number;
  readonly clock: Clock;
  readonly reaper: Reaper;
}

/** How long a service may take until it listens; a loaded machine is slow. */
const START_TIMEOUT_MS = 20_000;
/** How long a supervisor waits before it starts a process again whose start failed. */
const RESTART_PAUSE_MS = 100;

/** A service as a process of its own: it can be killed at any moment and started again. */
export class ServiceProcess implements RealProcess {
  readonly #options: ServiceProcessOptions;
  #process: SupervisedProcess | null = null;
  /** Was it ready in its present life? Whoever dies before that is started again. */
  #ready = false;
  #wanted = false;
  #death: UnaskedDeath | null = null;

  constructor(options: ServiceProcessOptions) {
    this.#options = options;
  }

  /** The first time that it died although it was ready and nobody asked it to; or null. */
  get unaskedDeath(): UnaskedDeath | null {
    return this.#death;
  }

  isUp(): boolean {
    return this.#process !== null && this.#process.exit === undefined;
  }

  async start(): Promise<void> {
    if (this.#wanted) return;
    this.#wanted = true;
    const { name, clock, logPath } = this.#options;
    await this.#spawn();
    await waitUntil(() => !this.#wanted || this.#listens(), {
      clock,
      timeoutMs: START_TIMEOUT_MS,
      what: `the service "${name}" to listen`,
      details: () => logTail(logPath),
    });
    this.#ready = this.#wanted;
  }

  async kill(): Promise<void> {
    this.#wanted = false;
    this.#process?.signal("SIGKILL");
    await this.#process?.exited;
  }

  async pause(): Promise<void> {
    this.#process?.signal("SIGSTOP");
  }

  async resume(): Promise<void> {
    this.#process?.signal("SIGCONT");
  }

  async stopGracefully(): Promise<void> {
    this.#wanted = false;
    await this.#process?.stop();
  }

  async #spawn(): Promise<void> {
    const { name, command, args, cwd, env, logPath, clock, reaper } = this.#options;
    this.#ready = false;
    const process = await spawnProcess({
      name: `service ${name}`,
      command,
      args,
      cwd,
      env,
      logPath,
      clock,
      reaper,
      stopTimeoutMs: 3000,
    });
    this.#process = process;
    // It may have been killed while it was being started.
    if (!this.#wanted) process.signal("SIGKILL");
    void process.exited.then((exit) => this.#ended(process, exit));
  }

  async #ended(process: SupervisedProcess, exit: ProcessExit): Promise<void> {
    if (!this.#wanted || process !== this.#process) return;
    const { name, logPath, clock } = this.#options;
    if (this.#ready) {
      const how = exit.signal === null ? `with code ${exit.code}` : `by ${exit.signal}`;
      this.#death ??= { name: `service ${name}`, why: `it ended ${how}\n${logTail(logPath)}` };
      return;
    }
    // A process that cannot start (its store is away, say) exits; its supervisor tries again.
    await clock.sleep(RESTART_PAUSE_MS);
    if (this.#wanted && process === this.#process) await this.#spawn();
  }

  #listens(): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = connect({ host: "127.0.0.1", port: this.#options.port });
      socket.once("connect", () => {
        socket.destroy();
        resolve(true);
      });
      socket.once("error", () => resolve(false));
    });
  }
}
