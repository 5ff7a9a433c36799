import type { EventMechanisms } from "../patterns/event-driven.ts";
import type { HandleOnce } from "../patterns/idempotent-consumer.ts";
import { admitMessage } from "../patterns/inbox.ts";
import { commitBeforeAnswer } from "../patterns/transaction-per-request.ts";
import type { Defect } from "./defect.ts";

const noteThenHandle: HandleOnce = async ({ database, consumer, message, nowMs, effect }) => {
  const isNew = await commitBeforeAnswer(database, (transaction) =>
    admitMessage(transaction, consumer, message.id, nowMs),
  );
  return isNew ? await commitBeforeAnswer(database, effect) : null;
};

/** The message is noted as dealt with in a transaction of its own, before its effect. */
export const dedupeOutsideTransaction: Defect<EventMechanisms> = {
  name: "dedupe-outside-transaction",
  missing: "the inbox row is committed by itself: when the effect fails then, the message counts as handled",
  needs: "the consumer dies, or its store fails, between inbox row and effect",
  shows: [{ checker: "delivery", types: ["unhandled-message"] }],
  replacement: () => ({ handleOnce: noteThenHandle }),
};
