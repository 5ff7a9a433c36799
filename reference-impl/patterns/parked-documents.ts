import type { Document } from "mongodb";
import type { DocumentDatabase } from "../document-database.ts";
import { isDuplicateKey, writeDocument } from "./document-failure.ts";
import type { ReceivedMessage } from "./event-bus.ts";

/** A message that was set aside, in a database of documents. */
export interface ParkedDocument extends Document {
  /** Topic and place: the same for every copy that the bus delivers again. */
  readonly _id: string;
  readonly stream: string;
  /** As it came, so that it can be handled once the reason is mended. */
  readonly value: string;
  readonly reason: string;
}

/** Sets a message aside, so that those behind it need not wait. */
export async function parkDocument(
  database: DocumentDatabase,
  { topic, place, key, value }: ReceivedMessage,
  error: unknown,
): Promise<void> {
  const reason = error instanceof Error ? error.message : String(error);
  const parked = { _id: `${topic}@${place}`, stream: key, value, reason };
  try {
    await writeDocument(() => database.collection<ParkedDocument>("parked_messages").insertOne(parked));
  } catch (failure) {
    if (!isDuplicateKey(failure)) throw failure;
  }
}
