import type { ServiceClock } from "../service-needs.ts";
import type { Profile } from "../services/user/announcing/profile-message.ts";

/** What the seed's example works with. */
export interface BaseConsistencyNeeds {
  readonly clock: ServiceClock;
  /** `_update_related_services`. */
  readonly updateRelatedServices: (update: Profile) => Promise<void>;
}

const backoffMs = 1000;

/**
 * The seed's `BaseConsistencyExample` (section 2): updates wait in memory, and each new one starts a task that takes
 * them from the front of the queue. One that fails goes to the end of it, and the task sleeps.
 */
export class BaseConsistencyExample {
  readonly #needs: BaseConsistencyNeeds;
  readonly #pendingUpdates: Profile[] = [];

  constructor(needs: BaseConsistencyNeeds) {
    this.#needs = needs;
  }

  /** The part of `update_user_profile` that comes after the store was updated. */
  queueUpdate(update: Profile): void {
    this.#pendingUpdates.push(update);
    void this.#propagateUpdates();
  }

  async #propagateUpdates(): Promise<void> {
    for (;;) {
      const update = this.#pendingUpdates.shift();
      if (update === undefined) return;
      try {
        await this.#needs.updateRelatedServices(update);
      } catch {
        this.#pendingUpdates.push(update);
        await this.#needs.clock.sleep(backoffMs);
      }
    }
  }
}
