import type { SimEvent } from "../sim-event.ts";
import type { GroupHost } from "./group-host.ts";
import type { JoinRequest } from "./group-member.ts";

/** Ids that were given to new members and have not been used yet. */
export class PendingMembers {
  readonly #host: GroupHost;
  readonly #expiries = new Map<string, SimEvent>();

  constructor(host: GroupHost) {
    this.#host = host;
  }

  /** How many there are; a rebalance waits for them. */
  get size(): number {
    return this.#expiries.size;
  }

  /** A new id; `expired` is called if it is not used within the time of a session. */
  add({ clientId, sessionTimeout }: JoinRequest, expired: () => void): string {
    const id = this.#host.newMemberId(clientId);
    const expiry = this.#host.after(sessionTimeout * 1e6, "pending member expires", () => {
      this.#expiries.delete(id);
      expired();
    });
    this.#expiries.set(id, expiry);
    return id;
  }

  /** Takes an id out; false if it is not one of these. */
  take(id: string): boolean {
    const expiry = this.#expiries.get(id);
    if (expiry === undefined) return false;
    this.#host.cancel(expiry);
    return this.#expiries.delete(id);
  }

  /** The broker died. */
  crash(): void {
    this.#expiries.clear();
  }
}
