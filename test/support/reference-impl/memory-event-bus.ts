import type {
  BusMessage,
  EventBus,
  HandleMessage,
  ReceivedMessage,
} from "../../../reference-impl/patterns/event-bus.ts";

/** A bus that keeps what was published, and can be told to refuse. Nobody subscribes to it. */
export class MemoryEventBus implements EventBus {
  readonly published: { readonly topic: string; readonly key: string; readonly value: string }[] = [];
  /** Called before anything is stored; what it throws is what `publish` rejects with. */
  before: (topic: string, messages: readonly BusMessage[]) => Promise<void> = async () => {};
  closed = false;

  async publish(topic: string, messages: readonly BusMessage[]): Promise<void> {
    await this.before(topic, messages);
    for (const message of messages) this.published.push({ topic, ...message });
  }

  subscribe(_group: string, _topics: readonly string[], _handle: HandleMessage): { stop(): Promise<void> } {
    return { stop: async () => {} };
  }

  async close(): Promise<void> {
    this.closed = true;
  }
}

/** A message as a bus hands it over; `keep` counts how often it was asked for. */
export function received(value: string, key = "s"): ReceivedMessage & { kept: number } {
  const message = {
    topic: "t",
    place: "0:1",
    key,
    value,
    kept: 0,
    keep: async () => {
      message.kept++;
    },
  };
  return message;
}
