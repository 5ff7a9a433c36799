import type { Document } from "mongodb";
import type { DocumentDatabase } from "../document-database.ts";
import type { EventData, EventMessage } from "../patterns/event-message.ts";
import { eventMessage } from "../patterns/event-message.ts";

/** An event of the seed's event store. */
export interface StoredSeedEvent extends Document {
  /** Its place in the list. */
  readonly _id: number;
  readonly stream: string;
  readonly type: string;
  readonly body: EventData;
}

/** The collection of the seed's event store. */
export const seedEventCollection = "events";

/**
 * The seed's `EventStore` (section 3): a list that events are appended to, then the subscribers are told, one after
 * the other. The list is a collection here, so that it outlives the process; an event's `_id` is its place
 * in it. Nothing is compared: whatever is appended is an event.
 */
export class CatalogueEventStore {
  readonly #database: DocumentDatabase;
  readonly #subscribers: ((event: EventMessage) => Promise<void>)[] = [];
  #length = 0;

  private constructor(database: DocumentDatabase) {
    this.#database = database;
  }

  /** The list as it was left. */
  static async open(database: DocumentDatabase): Promise<CatalogueEventStore> {
    const store = new CatalogueEventStore(database);
    const last = await store.#events().find({}).sort({ _id: -1 }).limit(1).toArray();
    store.#length = last[0]?._id ?? 0;
    return store;
  }

  subscribe(handler: (event: EventMessage) => Promise<void>): void {
    this.#subscribers.push(handler);
  }

  async append(stream: string, type: string, body: EventData): Promise<void> {
    this.#length++;
    const place = this.#length;
    await this.#events().insertOne({ _id: place, stream, type, body });
    for (const subscriber of this.#subscribers) await subscriber(eventMessage(stream, place, type, body));
  }

  #events() {
    return this.#database.collection<StoredSeedEvent>(seedEventCollection);
  }
}
