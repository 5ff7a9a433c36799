import type { EventMechanisms } from "../patterns/event-driven.ts";
import {
  lockRelay,
  markPublished,
  publishStored,
  type RelayBatch,
  unpublished,
} from "../patterns/outbox-relay.ts";
import { commitBeforeAnswer } from "../patterns/transaction-per-request.ts";
import type { Defect } from "./defect.ts";

const markThenPublish: RelayBatch = async ({ database, bus }) => {
  const messages = await commitBeforeAnswer(database, async (transaction) => {
    if (!(await lockRelay(transaction))) return [];
    const taken = await unpublished(transaction);
    await markPublished(transaction, taken);
    return taken;
  });
  await publishStored(bus, messages);
  return messages.length;
};

/** The relay marks messages as published, and publishes them then. */
export const markBeforePublish: Defect<EventMechanisms> = {
  name: "mark-before-publish",
  missing: "messages are marked as published before the bus has acknowledged them",
  needs: "the relay dies, or the bus cannot be reached, between mark and publication",
  shows: [{ checker: "delivery", types: ["lost-message"] }],
  replacement: () => ({ relayBatch: markThenPublish }),
};
