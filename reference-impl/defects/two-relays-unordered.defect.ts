import type { EventMechanisms } from "../patterns/event-driven.ts";
import { markPublished, publishStored, type RelayBatch, relayBatchMax } from "../patterns/outbox-relay.ts";
import { commitBeforeAnswer } from "../patterns/transaction-per-request.ts";
import type { Defect } from "./defect.ts";

const shareRows: RelayBatch = ({ database, bus }) =>
  commitBeforeAnswer(database, async (transaction) => {
    const messages = await transaction
      .selectFrom("outbox")
      .select(["position", "topic", "stream", "value"])
      .where("published", "=", false)
      .orderBy("position")
      .limit(relayBatchMax)
      .forUpdate()
      .skipLocked()
      .execute();
    await publishStored(bus, messages);
    await markPublished(transaction, messages);
    return messages.length;
  });

/** Each relay takes the rows that no other relay has locked, of whichever stream they are. */
export const twoRelaysUnordered: Defect<EventMechanisms> = {
  name: "two-relays-unordered",
  missing:
    "each relay takes what no other one has locked: a later message of a stream overtakes an earlier one",
  needs: "two relays at work while one of them is slow to reach the bus",
  shows: [{ checker: "delivery", types: ["reordered-publication", "reordered-effect"] }],
  replacement: () => ({ relayBatch: shareRows }),
};
