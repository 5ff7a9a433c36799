import {
  lockRelay,
  markPublished,
  publishStored,
  type RelayBatch,
  type StoredMessage,
  unpublished,
} from "../patterns/outbox-relay.ts";
import { withinTime } from "../patterns/time-limit.ts";
import { commitBeforeAnswer } from "../patterns/transaction-per-request.ts";
import type { ServiceClock } from "../service-needs.ts";
import type { ProfileMechanisms } from "../services/recommendation/profile-mechanisms.ts";
import type { Defect } from "./defect.ts";

const patienceMs = 250;

/**
 * A relay that publishes each message by itself. One that the bus does not acknowledge soon is given up, together with
 * the connection, and waits until all others have been tried.
 */
function requeueFailed(clock: ServiceClock): RelayBatch {
  const failed = new Set<string>();
  return ({ database, bus }) =>
    commitBeforeAnswer(database, async (transaction) => {
      if (!(await lockRelay(transaction))) return 0;
      const messages = await unpublished(transaction);
      const isLast = ({ position }: StoredMessage) => failed.has(position);
      const queue = [...messages.filter((message) => !isLast(message)), ...messages.filter(isLast)];
      const published: StoredMessage[] = [];
      for (const message of queue) {
        try {
          await withinTime(clock, patienceMs, "publishing", publishStored(bus, [message]));
        } catch {
          failed.add(message.position);
          void bus.close();
          break;
        }
        published.push(message);
      }
      await markPublished(transaction, published);
      return published.length;
    });
}

/** A message that could not be published goes to the end of the queue. */
export const requeueAtEnd: Defect<ProfileMechanisms> = {
  name: "requeue-at-end",
  missing:
    "a message that could not be published does not hold up those behind it: it goes to the end of the queue",
  needs: "a bus that cannot be reached while two profiles of one user are stored",
  shows: [{ checker: "delivery", types: ["reordered-publication"] }],
  replacement: () => ({ relayWith: requeueFailed }),
};
