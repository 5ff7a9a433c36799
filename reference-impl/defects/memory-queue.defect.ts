import type { AnnounceThrough } from "../patterns/announcer.ts";
import { encodeMessage, type OutgoingMessage } from "../patterns/event-message.ts";
import type { ProfileMechanisms } from "../services/recommendation/profile-mechanisms.ts";
import type { Defect } from "./defect.ts";

const announceFromMemory: AnnounceThrough = ({ bus }) => {
  const queue: OutgoingMessage[] = [];
  let atWork = false;
  const drain = async () => {
    if (atWork) return;
    atWork = true;
    for (let first = queue[0]; first !== undefined; first = queue[0]) {
      const { topic, message } = first;
      try {
        await bus.publish(topic, [{ key: message.stream, value: encodeMessage(message) }]);
        queue.shift();
      } catch {
        // It stays at the front: the order is kept, and the bus is asked again.
      }
    }
    atWork = false;
  };
  return {
    store: async () => {},
    send: async (messages) => {
      queue.push(...messages);
      void drain();
    },
  };
};

/** Messages wait in the memory of the process, not in its store. */
export const memoryQueue: Defect<ProfileMechanisms> = {
  name: "memory-queue",
  missing: "no outbox: messages wait in the memory of the process, in order and until they are published",
  needs: "a crash between COMMIT and publication, or an unknown COMMIT",
  shows: [
    { checker: "delivery", types: ["lost-message"] },
    { checker: "projection", types: ["not-converged", "missing-entity"] },
  ],
  replacement: () => ({ announceThrough: announceFromMemory }),
};
