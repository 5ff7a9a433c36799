import type { ServiceContext } from "../../harness/run/system.ts";
import type { EventBus } from "../patterns/event-bus.ts";
import { decodeMessage, type EventMessage } from "../patterns/event-message.ts";

type Recording = Pick<ServiceContext, "record">;

/** Records that a message stands in the service's store, with the change that it tells of: its row of the outbox. */
export function recordCommitted({ record }: Recording, { id, stream, sequence }: EventMessage): void {
  record("committed", stream, { message: id, sequence });
}

/**
 * The same bus, with a record of each message that it has acknowledged (`published`), and of each copy that a consumer
 * was done with (`consumed`), whatever it did with it. What is no message is passed on, and not recorded.
 */
export function recordingBus(bus: EventBus, { record }: Recording): EventBus {
  return {
    publish: async (topic, messages) => {
      await bus.publish(topic, messages);
      for (const { key, value } of messages) {
        const message = idOf(value);
        if (message !== null) record("published", key, { message });
      }
    },
    subscribe: (group, topics, handle) =>
      bus.subscribe(group, topics, async (received) => {
        await handle(received);
        const message = idOf(received.value);
        if (message !== null) record("consumed", received.key, { message, group });
      }),
    close: () => bus.close(),
  };
}

function idOf(value: string): string | null {
  try {
    return decodeMessage(value).id;
  } catch {
    return null;
  }
}
