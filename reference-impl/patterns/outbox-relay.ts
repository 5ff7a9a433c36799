import type { Kysely } from "kysely";
import type { ServiceClock } from "../service-needs.ts";
import type { EventBus } from "./event-bus.ts";
import { type OutboxTables, relayLockName } from "./outbox.ts";
import { commitBeforeAnswer } from "./transaction-per-request.ts";
import { WokenWork, type WorkPace, workPace } from "./woken-work.ts";

/** A stored message, as a relay takes it. */
export interface StoredMessage {
  readonly position: string;
  readonly topic: string;
  readonly stream: string;
  readonly value: string;
}

/** What a relay works with. */
export interface RelayNeeds {
  readonly database: Kysely<OutboxTables>;
  readonly bus: EventBus;
}

/** Takes some messages from the outbox to the bus, and tells how many. Rejects when that did not succeed. */
export type RelayBatch = (needs: RelayNeeds) => Promise<number>;

/** Messages that a relay takes at once, at most. */
export const relayBatchMax = 100;

/**
 * Publishes what is not marked as published, in the order of the positions, and marks it after the bus
 * has acknowledged it. A message whose transaction commits late is taken when it is there, whatever has
 * gone before it.
 *
 * Of several relays the one that holds the lock row works. That only keeps copies few: where a relay is
 * believed dead and another takes over, both go through a stream from its first unmarked message on and
 * one by one, so that the first copies of a stream's messages are in order all the same.
 */
export const publishThenMark: RelayBatch = ({ database, bus }) =>
  commitBeforeAnswer(database, async (transaction) => {
    if (!(await lockRelay(transaction))) return 0;
    const messages = await unpublished(transaction);
    await publishStored(bus, messages);
    await markPublished(transaction, messages);
    return messages.length;
  });

/** Locks the relay's row until the transaction ends; false where another relay has it. */
export async function lockRelay(transaction: Kysely<OutboxTables>): Promise<boolean> {
  const row = await transaction
    .selectFrom("outbox_relay")
    .select("name")
    .where("name", "=", relayLockName)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();
  return row !== undefined;
}

/** The first messages that are not marked as published. */
export async function unpublished(database: Kysely<OutboxTables>): Promise<readonly StoredMessage[]> {
  return await database
    .selectFrom("outbox")
    .select(["position", "topic", "stream", "value"])
    .where("published", "=", false)
    .orderBy("position")
    .limit(relayBatchMax)
    .execute();
}

/** Publishes messages; those of one topic, hence of one stream, in their order. */
export async function publishStored(bus: EventBus, messages: readonly StoredMessage[]): Promise<void> {
  for (const topic of new Set(messages.map((message) => message.topic))) {
    const ofTopic = messages.filter((message) => message.topic === topic);
    await bus.publish(
      topic,
      ofTopic.map(({ stream, value }) => ({ key: stream, value })),
    );
  }
}

/** Marks messages as published. */
export async function markPublished(
  database: Kysely<OutboxTables>,
  messages: readonly StoredMessage[],
): Promise<void> {
  if (messages.length === 0) return;
  await database
    .updateTable("outbox")
    .set({ published: true })
    .where(
      "position",
      "in",
      messages.map(({ position }) => position),
    )
    .execute();
}

/**
 * A relay at work in the background: takes messages to the bus when it is woken, and looks by itself at
 * a slow pace, for what was stored by a process that died before it could wake anybody. After a failure nothing
 * was marked, so nothing is lost: the same messages are taken again.
 */
export class OutboxRelay {
  readonly #needs: RelayNeeds;
  readonly #relayBatch: RelayBatch;
  readonly #work: WokenWork;

  constructor(
    needs: RelayNeeds & { readonly clock: ServiceClock },
    relayBatch: RelayBatch,
    pace: WorkPace = workPace,
  ) {
    this.#needs = needs;
    this.#relayBatch = relayBatch;
    this.#work = new WokenWork(needs.clock, (woken) => this.#relayAll(woken), pace);
  }

  /** Begins to work. */
  start(): void {
    this.#work.start();
  }

  /** There are messages: look now. */
  wake(): void {
    this.#work.wake();
  }

  /** Ends after the messages at hand. */
  async stop(): Promise<void> {
    await this.#work.stop();
  }

  async #relayAll(woken: boolean): Promise<void> {
    // A look that finds nothing should cost no transaction.
    if (!woken && (await unpublished(this.#needs.database)).length === 0) return;
    while ((await this.#relayBatch(this.#needs)) === relayBatchMax && !this.#work.isStopped);
  }
}
