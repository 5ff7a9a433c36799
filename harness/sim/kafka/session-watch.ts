import type { SimEvent } from "../sim-event.ts";
import type { GroupHost } from "./group-host.ts";
import type { GroupMember } from "./group-member.ts";

/** Notices members that fall silent, with one timer for the one that would expire first. */
export class SessionWatch {
  readonly #host: GroupHost;
  readonly #members: ReadonlyMap<string, GroupMember>;
  readonly #remove: (member: GroupMember) => void;
  #timer: SimEvent | null = null;
  #timerNs = Number.POSITIVE_INFINITY;

  /** `remove` is called for each member whose session is over. */
  constructor(
    host: GroupHost,
    members: ReadonlyMap<string, GroupMember>,
    remove: (member: GroupMember) => void,
  ) {
    this.#host = host;
    this.#members = members;
    this.#remove = remove;
  }

  /** A sign of life: the member has its whole session timeout again. */
  touch(member: GroupMember): void {
    member.expiresNs = this.#host.nowNs + member.sessionTimeoutMs * 1e6;
    if (this.#timer !== null && this.#timerNs <= member.expiresNs) return;
    if (this.#timer !== null) this.#host.cancel(this.#timer);
    this.#start(member.expiresNs);
  }

  /** The broker died, and its timers with it. */
  crash(): void {
    this.#timer = null;
    this.#timerNs = Number.POSITIVE_INFINITY;
  }

  #start(atNs: number): void {
    this.#timerNs = atNs;
    this.#timer = this.#host.after(atNs - this.#host.nowNs, "session expires", () => this.#expire());
  }

  #expire(): void {
    this.#timer = null;
    this.#timerNs = Number.POSITIVE_INFINITY;
    for (const member of [...this.#members.values()]) {
      // Who waits for the others to join cannot send heartbeats.
      if (member.awaitingJoin !== null || !this.#members.has(member.id)) continue;
      if (member.expiresNs <= this.#host.nowNs) this.#remove(member);
    }
    let nextNs = Number.POSITIVE_INFINITY;
    for (const { awaitingJoin, expiresNs } of this.#members.values()) {
      if (awaitingJoin === null) nextNs = Math.min(nextNs, expiresNs);
    }
    if (nextNs < Number.POSITIVE_INFINITY && this.#timer === null) this.#start(nextNs);
  }
}
