import type { Kysely } from "kysely";
import type { ServiceNeeds } from "../service-needs.ts";
import { type Announcer, type AnnounceThrough, announceThroughOutbox } from "./announcer.ts";
import { databasePart } from "./database-part.ts";
import type { EventBus, Subscription } from "./event-bus.ts";
import type { EventMessage, OutgoingMessage } from "./event-message.ts";
import type { EventTables } from "./event-tables.ts";
import {
  type AfterCommit,
  type ConsumerMechanisms,
  type Effect,
  hardenedConsumerMechanisms,
  idempotentConsumer,
} from "./idempotent-consumer.ts";
import { OutboxRelay, publishThenMark, type RelayBatch } from "./outbox-relay.ts";

/** The safety mechanisms by which services tell each other of changes. */
export interface EventMechanisms extends ConsumerMechanisms {
  readonly announceThrough: AnnounceThrough;
  readonly relayBatch: RelayBatch;
}

/** The mechanisms of the hardened form. */
export function hardenedEventMechanisms(): EventMechanisms {
  return {
    ...hardenedConsumerMechanisms(),
    announceThrough: announceThroughOutbox,
    relayBatch: publishThenMark,
  };
}

/** What a service is given that announces or consumes. */
export interface EventDrivenNeeds<Tables> extends ServiceNeeds<Tables> {
  readonly bus: EventBus;
  /** Told of each message whose transaction has been committed, before it is sent off. */
  readonly committed?: (message: OutgoingMessage) => void;
}

/** What a message does to the service's database; the answer is what there is to announce. */
export type Reaction<Tables> = (
  transaction: Kysely<Tables>,
  message: EventMessage,
) => Promise<readonly OutgoingMessage[]>;

/** What a service consumes. */
export interface Consumption<Tables> {
  /** Name of its group, and of the consumer in the inbox. */
  readonly group: string;
  readonly topics: readonly string[];
  readonly reaction: Reaction<Tables>;
}

/** The part of a service that speaks with the bus, at work. */
export interface EventDriven {
  readonly announcer: Announcer;
  /** Ends what is at hand, then closes. */
  stop(): Promise<void>;
}

/** Starts the relay of a service, and its consumer where it has one. */
export function startEventDriven<Tables extends EventTables>(
  needs: EventDrivenNeeds<Tables>,
  mechanisms: EventMechanisms,
  consumption?: Consumption<Tables>,
): EventDriven {
  const { bus, clock } = needs;
  const database = databasePart<EventTables, Tables>(needs.database);
  const relay = new OutboxRelay({ database, bus, clock }, mechanisms.relayBatch);
  relay.start();
  const through = mechanisms.announceThrough({ bus, wakeRelay: () => relay.wake() });
  const announcer: Announcer = {
    store: (transaction, messages) => through.store(transaction, messages),
    send: async (messages) => {
      for (const message of messages) needs.committed?.(message);
      await through.send(messages);
    },
  };
  const subscription =
    consumption === undefined ? null : subscribe(needs, mechanisms, consumption, announcer);
  return {
    announcer,
    stop: async () => {
      await subscription?.stop();
      await relay.stop();
      await bus.close();
    },
  };
}

function subscribe<Tables extends EventTables>(
  { bus, clock, database }: EventDrivenNeeds<Tables>,
  mechanisms: EventMechanisms,
  { group, topics, reaction }: Consumption<Tables>,
  announcer: Announcer,
): Subscription {
  const effect: Effect<Tables> = async (transaction, message): Promise<AfterCommit> => {
    const messages = await reaction(transaction, message);
    await announcer.store(databasePart<EventTables, Tables>(transaction), messages);
    return () => announcer.send(messages);
  };
  const handle = idempotentConsumer({ name: group, database, clock, mechanisms, effect });
  return bus.subscribe(group, topics, handle);
}
