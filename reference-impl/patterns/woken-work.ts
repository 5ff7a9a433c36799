import type { ServiceClock } from "../service-needs.ts";

/** When work is done: after it was woken, without being woken, and after it failed. */
export interface WorkPace {
  /** What is asked for within this time is done at once: messages of several transactions go together. */
  readonly lingerMs: number;
  readonly pollMs: number;
  readonly retryMs: number;
}

/** The pace of all services. */
export const workPace: WorkPace = { lingerMs: 5, pollMs: 400, retryMs: 100 };

/**
 * Work in the background: done when it is woken, and by itself at a slow pace, for what was left by a process
 * that died before it could wake anybody. What fails is done again.
 */
export class WokenWork {
  readonly #clock: ServiceClock;
  readonly #work: (woken: boolean) => Promise<unknown>;
  readonly #pace: WorkPace;
  #woken = true;
  #stopped = false;
  #wakeUp: () => void = () => {};
  #ended: Promise<void> = Promise.resolve();

  /** `work` is told whether somebody woke it. */
  constructor(clock: ServiceClock, work: (woken: boolean) => Promise<unknown>, pace: WorkPace = workPace) {
    this.#clock = clock;
    this.#work = work;
    this.#pace = pace;
  }

  /** Begins to work. */
  start(): void {
    this.#ended = this.#run();
  }

  /** Whether it was told to end: long work looks here between its parts. */
  get isStopped(): boolean {
    return this.#stopped;
  }

  /** There is something to do: look now. */
  wake(): void {
    this.#woken = true;
    this.#wakeUp();
  }

  /** Ends after the work at hand. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wakeUp();
    await this.#ended;
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      let pauseMs = this.#pace.pollMs;
      try {
        const woken = this.#woken;
        if (woken) await this.#clock.sleep(this.#pace.lingerMs);
        this.#woken = false;
        await this.#work(woken);
      } catch {
        pauseMs = this.#pace.retryMs;
      }
      if (!this.#woken && !this.#stopped) await this.#pause(pauseMs);
    }
  }

  async #pause(ms: number): Promise<void> {
    const woken = new Promise<void>((resolve) => {
      this.#wakeUp = resolve;
    });
    await Promise.race([woken, this.#clock.sleep(ms)]);
    this.#wakeUp = () => {};
  }
}
