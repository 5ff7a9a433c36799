import type { ServiceClock } from "../service-needs.ts";
import { type RelayPace, relayPace } from "./outbox-relay.ts";

/**
 * Work in the background: done when it is woken, and by itself at a slow pace, for what was left by a process
 * that died before it could wake anybody. What fails is done again.
 */
export class WokenWork {
  readonly #clock: ServiceClock;
  readonly #work: () => Promise<unknown>;
  readonly #pace: RelayPace;
  #woken = true;
  #stopped = false;
  #wakeUp: () => void = () => {};
  #ended: Promise<void> = Promise.resolve();

  constructor(clock: ServiceClock, work: () => Promise<unknown>, pace: RelayPace = relayPace) {
    this.#clock = clock;
    this.#work = work;
    this.#pace = pace;
  }

  /** Begins to work. */
  start(): void {
    this.#ended = this.#run();
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
        if (this.#woken) await this.#clock.sleep(this.#pace.lingerMs);
        this.#woken = false;
        await this.#work();
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
