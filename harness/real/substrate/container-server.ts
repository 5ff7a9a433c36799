import { createWriteStream, statSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { ContainerRuntimeClient } from "testcontainers";
import { FaultlineError } from "../../faultline-error.ts";
import type { ServerSite } from "../components/server-site.ts";
import { logTail } from "../processes/log-tail.ts";
import { waitUntil } from "../processes/wait-until.ts";
import type { ContainerEngine } from "./container-engine.ts";
import type { ContainerLaunch } from "./container-launch.ts";
import type { StoreServer } from "./store-servers.ts";

const READY_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 10_000;
const LOG_TIMEOUT_MS = 1_000;

/** Which container is started, and where. */
export interface ContainerOptions {
  readonly engine: ContainerEngine;
  readonly image: string;
  /** `name=value`; what bears it is removed in the end. */
  readonly label: string;
  readonly site: Omit<ServerSite, "dataFolder">;
  readonly port: number;
  readonly launch: ContainerLaunch;
  /** Told when it ends for a reason of its own. */
  readonly onDeath: (why: string) => void;
}

type Container = ReturnType<ContainerRuntimeClient["container"]["getById"]>;

/** One life of a container, from a start to its end. */
interface Life {
  /** Did the harness end it? */
  asked: boolean;
  over: boolean;
  /** Settles when it has ended; never rejects. */
  ended: Promise<void>;
}

/**
 * A server in a container that shares the network of this machine. Killed and started again, it keeps its port
 * and its data, which lie in the container. To dispose is to remove it with them.
 */
export class ContainerServer implements StoreServer, AsyncDisposable {
  readonly port: number;
  readonly url: string;
  readonly logPath: string;
  readonly #options: ContainerOptions;
  readonly #container: Container;
  #life: Life;

  private constructor(options: ContainerOptions, container: Container) {
    const { site, port, launch } = options;
    this.port = port;
    this.url = launch.url;
    this.logPath = join(site.logFolder, `${site.name}.log`);
    this.#options = options;
    this.#container = container;
    this.#life = this.#begin();
  }

  /** Starts a container and waits until its server is ready. The image must be there. */
  static async start(options: ContainerOptions): Promise<ContainerServer> {
    const { engine, image, label, launch } = options;
    const { GenericContainer } = await import("testcontainers");
    const [name = "", value = ""] = label.split("=");
    const container = new GenericContainer(image)
      .withNetworkMode("host")
      .withLabels({ [name]: value })
      // The project's own reaper removes it: the one of testcontainers needs an image more.
      .withAutoCleanup(false)
      .withPullPolicy({ shouldPull: () => false })
      .withCommand([...launch.command])
      .withEnvironment({ ...launch.environment });
    if (launch.entrypoint !== undefined) container.withEntrypoint([...launch.entrypoint]);
    if (launch.user !== undefined) container.withUser(launch.user);
    const started = await container.start();
    const server = new ContainerServer(options, engine.client.container.getById(started.getId()));
    try {
      await server.#ready();
      return server;
    } catch (error) {
      await server[Symbol.asyncDispose]();
      throw error;
    }
  }

  get running(): boolean {
    return !this.#life.over;
  }

  async kill(signal: "SIGKILL" | "SIGSTOP" | "SIGCONT"): Promise<void> {
    if (signal === "SIGSTOP") await this.#pause();
    else if (signal === "SIGCONT") await this.#unpause();
    else await this.#end("SIGKILL");
  }

  async stop(): Promise<void> {
    if (!this.running) return;
    await this.#unpause();
    await this.#end(this.#options.launch.stopSignal);
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.#container.start();
    this.#life = this.#begin();
    await this.#ready();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#life.asked = true;
    // It may be gone, and so may the engine; the reaper looks again.
    await this.#container.remove({ force: true, v: true }).catch(() => {});
  }

  #begin(): Life {
    const life: Life = { asked: false, over: false, ended: Promise.resolve() };
    const logged = this.#log().catch(() => {});
    const end = async (how: string): Promise<void> => {
      life.over = true;
      if (life.asked) return;
      await Promise.race([logged, this.#options.site.clock.sleep(LOG_TIMEOUT_MS)]);
      this.#options.onDeath(`${how}. The end of ${this.logPath}:\n${logTail(this.logPath)}`);
    };
    life.ended = this.#container.wait().then(
      ({ StatusCode }: { readonly StatusCode: number }) => end(`its container ended with code ${StatusCode}`),
      (error: unknown) => end(`its container engine gives no answer: ${messageOf(error)}`),
    );
    return life;
  }

  async #ready(): Promise<void> {
    const { site, launch, image } = this.#options;
    const life = this.#life;
    const logStart = statSync(this.logPath, { throwIfNoEntry: false })?.size ?? 0;
    await waitUntil(
      async () => {
        if (!life.over) return await launch.isReady();
        throw new FaultlineError(
          "harness",
          "component-failed",
          `${site.name} (container of ${image}) ended before it was ready. The end of ${this.logPath}:\n${logTail(this.logPath)}`,
          "Does its image take the command that docs/real-lane.md tells?",
        );
      },
      {
        clock: site.clock,
        timeoutMs: READY_TIMEOUT_MS,
        what: `${site.name} (container of ${image}) to be ready`,
        details: () => logTail(this.logPath, { fromByte: logStart }),
      },
    );
  }

  /** Adds what this life writes to the log file; settles when it has ended. */
  async #log(): Promise<void> {
    const { client } = this.#options.engine;
    const { State } = await client.container.inspect(this.#container);
    const since = Date.parse(State.StartedAt) / 1000;
    const lines = await client.container.logs(this.#container, { since });
    await pipeline(lines, createWriteStream(this.logPath, { flags: "a" }));
  }

  async #end(signal: string): Promise<void> {
    const life = this.#life;
    if (life.over) return;
    life.asked = true;
    await this.#signal(signal);
    const { clock } = this.#options.site;
    const endNs = clock.monotonicNs() + STOP_TIMEOUT_MS * 1e6;
    // Short naps: a timer of the whole limit would keep the harness alive after the container has ended.
    while (!life.over && clock.monotonicNs() < endNs) await Promise.race([life.ended, clock.sleep(20)]);
    if (!life.over) await this.#signal("SIGKILL");
    await life.ended;
  }

  /** A paused container gets SIGKILL too. One that has just ended gets nothing. */
  async #signal(signal: string): Promise<void> {
    await this.#container.kill({ signal }).catch(ignoreConflict);
  }

  async #pause(): Promise<void> {
    if (this.running) await this.#container.pause().catch(ignoreConflict);
  }

  async #unpause(): Promise<void> {
    if (this.running) await this.#container.unpause().catch(ignoreConflict);
  }
}

/** The engine answers so when a container is in that state already, or has ended: 409, in older versions 500. */
function ignoreConflict(error: unknown): void {
  if (/is not running|is not paused|already paused/i.test(messageOf(error))) return;
  throw error;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
