import type { AnnounceThrough } from "../patterns/announcer.ts";
import type { EventBus } from "../patterns/event-bus.ts";
import type { ServiceNeeds } from "../service-needs.ts";
import type { BlogPlacing } from "../services/blog/blog.service.ts";
import { applyEntry, type CommentReaderTables } from "../services/comment-reader/comment-reader.service.ts";
import { entryTopics } from "../services/comments/entry-news.ts";
import { BrokerEventBus } from "./broker-event-bus.ts";

/** Store, then publish on the seed's bus; an error is printed. */
export const textbookAnnounce: AnnounceThrough = ({ bus }) => {
  const events = new BrokerEventBus(bus);
  return {
    store: async () => {},
    send: async (messages) => {
      for (const message of messages) await events.publish(message).catch(() => {});
    },
  };
};

/** A reader on the seed's bus: every copy of an event is applied when it comes, and an error is printed. */
export function textbookApply(
  group: string,
  { bus, database }: ServiceNeeds<CommentReaderTables> & { readonly bus: EventBus },
): void {
  for (const topic of Object.values(entryTopics)) {
    new BrokerEventBus(bus).subscribe(`${group}-${topic}`, topic, async (message) => {
      await database.transaction().execute(async (transaction) => {
        await applyEntry(transaction, message);
      });
    });
  }
}

/** `random.choice(self.read_replicas)`, for every request anew; nobody remembers what a session has seen. */
export const textbookPlacing: BlogPlacing = {
  place: (_session, readers, random) => ({ reader: Math.floor(random() * readers), seen: {} }),
  failOver: (_session, reader) => ({ reader, seen: {} }),
  keyOfAttempt: (key) => key,
};
