import type { SimEvent } from "../sim-event.ts";
import type { GroupHost } from "./group-host.ts";

/** The bound on the phase of a rebalance that a group is in; at most one at a time. */
export class PhaseTimer {
  readonly #host: GroupHost;
  #timer: SimEvent | null = null;

  constructor(host: GroupHost) {
    this.#host = host;
  }

  /** A phase begins, and the one before is over; `run` is called if it takes too long. */
  start(timeoutMs: number, label: string, run: () => void): void {
    this.stop();
    this.#timer = this.#host.after(timeoutMs * 1e6, label, () => {
      this.#timer = null;
      run();
    });
  }

  /** The phase is over. */
  stop(): void {
    if (this.#timer !== null) this.#host.cancel(this.#timer);
    this.#timer = null;
  }
}
