import type { EventBus } from "../patterns/event-bus.ts";
import {
  decodeMessage,
  type EventMessage,
  encodeMessage,
  type OutgoingMessage,
} from "../patterns/event-message.ts";

/** A subscriber of the seed's bus. */
export type SeedHandler = (message: EventMessage) => Promise<void>;

/**
 * The seed's `EventBus` (section 2) with a broker in the place of the dictionary of subscribers: a
 * handler's error is caught (and printed, in the seed), and the event counts as handled. That messages
 * have ids is ours, so that they can be told apart.
 */
export class BrokerEventBus {
  readonly #bus: EventBus;

  constructor(bus: EventBus) {
    this.#bus = bus;
  }

  /** `subscribe`. */
  subscribe(group: string, topic: string, handler: SeedHandler): void {
    this.#bus.subscribe(group, [topic], async ({ value }) => {
      try {
        await handler(decodeMessage(value));
      } catch {
        // print(f"Event handler error: {e}")
      }
    });
  }

  /** `publish`. */
  async publish({ topic, message }: OutgoingMessage): Promise<void> {
    await this.#bus.publish(topic, [{ key: message.stream, value: encodeMessage(message) }]);
  }
}
