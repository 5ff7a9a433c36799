import {
  lockRelay,
  markPublished,
  publishStored,
  type RelayBatch,
  unpublished,
} from "../patterns/outbox-relay.ts";
import { commitBeforeAnswer } from "../patterns/transaction-per-request.ts";
import type { ProfileMechanisms } from "../services/recommendation/profile-mechanisms.ts";
import type { Defect } from "./defect.ts";

const triesMax = 3;

/** Each message by itself; one that fails is tried again after all the others. */
const requeueFailed: RelayBatch = ({ database, bus }) =>
  commitBeforeAnswer(database, async (transaction) => {
    if (!(await lockRelay(transaction))) return 0;
    const messages = await unpublished(transaction);
    const queue = messages.map((message) => ({ message, tries: 0 }));
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const { message, tries } = next;
      try {
        await publishStored(bus, [message]);
      } catch (error) {
        if (tries >= triesMax) throw error;
        queue.push({ message, tries: tries + 1 });
      }
    }
    await markPublished(transaction, messages);
    return messages.length;
  });

/** A message that could not be published goes to the end of the queue. */
export const requeueAtEnd: Defect<ProfileMechanisms> = {
  name: "requeue-at-end",
  missing:
    "a message that could not be published does not hold up those behind it: it goes to the end of the queue",
  needs: "a bus that cannot be reached while several profiles of one user wait",
  shows: [{ checker: "delivery", types: ["reordered-publication"] }],
  replacement: () => ({ relayBatch: requeueFailed }),
};
