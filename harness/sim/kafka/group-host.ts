import type { SimEvent } from "../sim-event.ts";

/** What a group needs of its broker. */
export interface GroupHost {
  /** Virtual nanoseconds. */
  readonly nowNs: number;
  /** Runs something later in the current life of the broker. */
  after(delayNs: number, label: string, run: () => void): SimEvent;
  cancel(event: SimEvent): void;
  /** A new member's id. */
  newMemberId(clientId: string): string;
}
