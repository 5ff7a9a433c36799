import type { Document, UpdateFilter } from "mongodb";
import type { DocumentCollection } from "../document-database.ts";
import type { EventBus } from "./event-bus.ts";
import { encodeMessage, type OutgoingMessage } from "./event-message.ts";

/** A message that must be published, in the document that it tells of. */
export interface PendingMessage {
  readonly sequence: number;
  readonly stream: string;
  readonly topic: string;
  /** The encoded message. */
  readonly value: string;
}

/** The part of a document that is an outbox. */
export interface OutboxDocument extends Document {
  _id: string;
  /** In the order of their sequence. */
  pending: PendingMessage[];
}

/**
 * What is added to a document's `pending` in the very write that changes its state. MongoDB changes one
 * document atomically: so there is never a change without its message, without any transaction. The write is
 * guarded by the document's version, which is the message's sequence, so the messages stand in their order.
 */
export function pendingMessage({ topic, message }: OutgoingMessage): PendingMessage {
  return { sequence: message.sequence, stream: message.stream, topic, value: encodeMessage(message) };
}

/** What the relay works with. */
export interface DocumentRelayNeeds {
  readonly documents: DocumentCollection<OutboxDocument>;
  readonly bus: EventBus;
}

/** Documents whose messages are taken at once, at most. */
export const documentsAtOnce = 50;

/** The index by which the relay finds documents with messages. */
export async function createOutboxIndex<Schema extends Document>(
  documents: DocumentCollection<Schema>,
): Promise<void> {
  await documents.createIndex({ "pending.sequence": 1 });
}

/**
 * Publishes what is pending and removes it after the bus has acknowledged it; tells of how many documents.
 * Where two relays are at work, or one dies in between, copies are published, and each relay goes through a
 * document's messages from the first one that is left: so the first copies are in order.
 */
export async function relayDocuments({ documents, bus }: DocumentRelayNeeds): Promise<number> {
  const found = await documents
    .find({ "pending.sequence": { $gt: 0 } })
    .project<{ _id: string; pending: PendingMessage[] }>({ pending: 1 })
    .limit(documentsAtOnce)
    .toArray();
  const messages = found.flatMap(({ pending }) => pending);
  for (const topic of new Set(messages.map((message) => message.topic))) {
    await bus.publish(
      topic,
      messages
        .filter((message) => message.topic === topic)
        .map(({ stream, value }) => ({ key: stream, value })),
    );
  }
  await Promise.all(
    found.map(({ _id, pending }) => {
      const removed = { pending: { sequence: { $lte: pending.at(-1)?.sequence ?? 0 } } };
      return documents.updateOne({ _id }, { $pull: removed } as unknown as UpdateFilter<OutboxDocument>);
    }),
  );
  return found.length;
}
