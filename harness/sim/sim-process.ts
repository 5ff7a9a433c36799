import type { HttpService } from "../run/system.ts";
import type { Scheduler } from "./scheduler.ts";
import type { Owner } from "./sim-event.ts";

/** How long a supervisor waits before it starts a process again whose start failed, in ns. */
const RESTART_PAUSE_NS = 50e6;

/** How long a process that stops in order may take before it is killed, in ns. */
const STOP_GRACE_NS = 5e9;

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
  /** What its clock shows beyond the true time. Belongs to the machine: a restart does not mend it. */
  clockOffsetMs = 0;
  /** How often a service read the clock while it was off. */
  wrongClockReads = 0;
  readonly #scheduler: Scheduler;
  readonly #supervisor: Owner;
  readonly #start: StartService;
  #deathCallbacks: (() => void)[] = [];
  /** Requests that this life is handling. */
  #handling = 0;
  #whenHandled: (() => void) | null = null;
  /** The current life is ending in order; and whether the next one begins then. */
  #stopping = false;
  #startAgain = false;

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

  /** Starts a new life, unless it is up; when it is about to stop, after that. Settles when it accepts connections or its start failed. */
  start(): Promise<void> {
    if (this.owner.alive) {
      this.#startAgain = this.#stopping;
      return Promise.resolve();
    }
    const owner: Owner = { name: this.name, alive: true };
    this.owner = owner;
    this.#handling = 0;
    this.#whenHandled = null;
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
    this.owner.deferred = null;
    this.service = null;
    for (const callback of this.#deathCallbacks.splice(0)) callback();
    const startAgain = this.#startAgain;
    this.#stopping = false;
    this.#startAgain = false;
    if (startAgain) void this.start();
    return true;
  }

  /**
   * Ends the current life in order, as SIGTERM does: connections are refused from now on, requests that
   * are being handled are finished, then the service's own `stop` runs. Killed when that takes too long.
   * False if it was down or stopping.
   */
  stop(): boolean {
    const { owner, service } = this;
    if (!owner.alive || this.#stopping) return false;
    this.#stopping = true;
    this.service = null;
    const kill = () => {
      if (this.owner === owner) this.crash();
    };
    const options = { owner: this.#supervisor, cause: -1 };
    const grace = this.#scheduler.schedule(STOP_GRACE_NS, "kill", kill, options);
    this.onDeath(() => this.#scheduler.cancel(grace));
    const end = () => void this.#finish(owner, service).then(kill);
    this.#scheduler.schedule(0, "stop", end, { owner, cause: -1 });
    return true;
  }

  /** Used by the process's clock: how far it is off just now. */
  readClockOffsetMs(): number {
    if (this.clockOffsetMs !== 0) this.wrongClockReads++;
    return this.clockOffsetMs;
  }

  /** A request begins to be handled; the answer is called when it is done. */
  handling(): () => void {
    const { owner } = this;
    this.#handling++;
    return () => {
      if (this.owner !== owner) return;
      this.#handling--;
      if (this.#handling === 0) this.#whenHandled?.();
    };
  }

  /** Is it paused? See `Scheduler.pause`. */
  get paused(): boolean {
    return this.owner.alive && Boolean(this.owner.deferred);
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

  async #finish(owner: Owner, service: HttpService | null): Promise<void> {
    if (this.#handling > 0) {
      await new Promise<void>((resolve) => {
        this.#whenHandled = resolve;
      });
    }
    this.#scheduler.adopt(owner, -1);
    try {
      await service?.stop?.();
    } catch {
      // It exits all the same.
    }
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
