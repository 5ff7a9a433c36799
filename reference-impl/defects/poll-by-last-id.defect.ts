import type { EventMechanisms } from "../patterns/event-driven.ts";
import {
  lockRelay,
  markPublished,
  publishStored,
  type RelayBatch,
  relayBatchMax,
} from "../patterns/outbox-relay.ts";
import { commitBeforeAnswer } from "../patterns/transaction-per-request.ts";
import type { Defect } from "./defect.ts";

const takeAfterLast: RelayBatch = ({ database, bus }) =>
  commitBeforeAnswer(database, async (transaction) => {
    if (!(await lockRelay(transaction))) return 0;
    const last = await transaction
      .selectFrom("outbox")
      .select((eb) => eb.fn.max("position").as("position"))
      .where("published", "=", true)
      .executeTakeFirst();
    const messages = await transaction
      .selectFrom("outbox")
      .select(["position", "topic", "stream", "value"])
      .where("position", ">", last?.position ?? "0")
      .orderBy("position")
      .limit(relayBatchMax)
      .execute();
    await publishStored(bus, messages);
    await markPublished(transaction, messages);
    return messages.length;
  });

/** The relay goes on behind the highest position that it has published. */
export const pollByLastId: Defect<EventMechanisms> = {
  name: "poll-by-last-id",
  missing: "the relay goes on behind the highest position it has published, and never looks back",
  needs: "two transactions that insert in one order and commit in the other; no fault",
  shows: [{ checker: "delivery", types: ["lost-message"] }],
  replacement: () => ({ relayBatch: takeAfterLast }),
};
