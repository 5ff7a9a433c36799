import type { Kysely } from "kysely";
import type { EventBus } from "./event-bus.ts";
import type { OutgoingMessage } from "./event-message.ts";
import { appendToOutbox, type OutboxTables } from "./outbox.ts";

/** How a service tells others of a change. */
export interface Announcer {
  /** Called in the transaction of the change. */
  store(transaction: Kysely<OutboxTables>, messages: readonly OutgoingMessage[]): Promise<void>;
  /** Called after the COMMIT. Never rejects: the change has happened, whatever becomes of the news. */
  send(messages: readonly OutgoingMessage[]): Promise<void>;
}

/** What an announcer works with. */
export interface AnnouncerNeeds {
  readonly bus: EventBus;
  /** Wakes the service's own relay. */
  readonly wakeRelay: () => void;
}

/** Makes the announcer of a service, at every start. */
export type AnnounceThrough = (needs: AnnouncerNeeds) => Announcer;

/** Through the outbox: stored with the change, taken to the bus by the relay, which is woken after the COMMIT. */
export const announceThroughOutbox: AnnounceThrough = ({ wakeRelay }) => ({
  store: appendToOutbox,
  send: async (messages) => {
    if (messages.length > 0) wakeRelay();
  },
});
