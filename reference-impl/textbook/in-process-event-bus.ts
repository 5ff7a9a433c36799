import type { EventData } from "../patterns/event-message.ts";

/** What an event of the seed carries. */
export type SeedEvent = { readonly [field: string]: EventData };

/** A subscriber. */
export type SeedEventHandler = (event: SeedEvent) => Promise<void>;

/**
 * The seed's `EventBus` (section 2): a dictionary of subscribers in memory. `publish` calls them one after
 * the other and waits for each; what one of them throws is printed, and that event is over for it.
 */
export class InProcessEventBus {
  readonly #subscribers = new Map<string, SeedEventHandler[]>();

  subscribe(eventType: string, handler: SeedEventHandler): void {
    const handlers = this.#subscribers.get(eventType) ?? [];
    handlers.push(handler);
    this.#subscribers.set(eventType, handlers);
  }

  async publish(eventType: string, event: SeedEvent): Promise<void> {
    for (const handler of this.#subscribers.get(eventType) ?? []) {
      try {
        await handler(event);
      } catch {
        // print(f"Event handler error: {e}")
      }
    }
  }
}
