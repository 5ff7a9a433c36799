import type { HttpService } from "../run/system.ts";
import type { Scheduler } from "./scheduler.ts";
import type { Owner } from "./sim-event.ts";

/** How long a supervisor waits before it starts a process again whose start failed, in ns. */
const RESTART_PAUSE_NS = 50e6;

/** Makes the service of one life of a process. `onDeath` registers what must happen when that life ends. */
export type StartService = (
  owner: Owner,
  onDeath: (callback: () => void) => void,
) => HttpService | Promise<HttpService>;

/**
 * A service as a process: it can be killed at any moment and started again. Killing it forgets its
 * memory: nothing that it was waiting for ever settles, and its connections break.
 */
export class SimProcess {
  readonly name: string;
  /** The current life, or the last one. */
  owner: Owner;
  /** Null while it is down or has not finished starting: connections are refused. */
  service: HttpService | null = null;
  readonly #scheduler: Scheduler;
  readonly #supervisor: Owner;
  readonly #start: StartService;
  #deathCallbacks: (() => void)[] = [];

  /** `supervisor` outlives every life of the process and starts the next one. */
  constructor(name: string, scheduler: Scheduler, supervisor: Owner, start: StartService) {
    this.name = name;
    this.owner = { name, alive: false };
    this.#scheduler = scheduler;
    this.#supervisor = supervisor;
    this.#start = start;
  }

  /** True from the start of a life to its end. */
  get up(): boolean {
    return this.owner.alive;
  }

  /** Starts a new life, unless it is up. Settles when it accepts connections or its start failed. */
  start(): Promise<void> {
    if (this.owner.alive) return Promise.resolve();
    const owner: Owner = { name: this.name, alive: true };
    this.owner = owner;
    return new Promise((resolve) => {
      const begin = () => {
        void this.#boot(owner).then(resolve);
      };
      this.#scheduler.schedule(0, "start", begin, { owner, cause: -1 });
    });
  }

  /** Ends the current life at once. False if it was down. */
  crash(): boolean {
    if (!this.owner.alive) return false;
    this.owner.alive = false;
    this.service = null;
    for (const callback of this.#deathCallbacks.splice(0)) callback();
    return true;
  }

  /** Calls back when the current life ends. The answer takes the callback off again. */
  onDeath(callback: () => void): () => void {
    const callbacks = this.#deathCallbacks;
    callbacks.push(callback);
    return () => {
      const position = callbacks.indexOf(callback);
      if (position >= 0) callbacks.splice(position, 1);
    };
  }

  async #boot(owner: Owner): Promise<void> {
    try {
      const service = await this.#start(owner, (callback) => this.onDeath(callback));
      if (owner.alive) this.service = service;
    } catch {
      // A process that cannot start (its store is away, say) exits; its supervisor tries again.
      if (!owner.alive) return;
      this.crash();
      this.#scheduler.schedule(RESTART_PAUSE_NS, "restart", () => void this.start(), {
        owner: this.#supervisor,
        cause: -1,
      });
    }
  }
}
