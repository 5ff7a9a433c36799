import type { EventMechanisms } from "../patterns/event-driven.ts";
import { encodeMessage } from "../patterns/event-message.ts";
import type { Defect } from "./defect.ts";

/** The change is committed first, then its message is sent to the bus: two writes, and a gap between them. */
export const dualWrite: Defect<EventMechanisms> = {
  name: "dual-write",
  missing: "no outbox: the message is sent to the bus after the COMMIT, by whoever is still alive then",
  needs:
    "a crash between COMMIT and publication, an unknown COMMIT, or a bus that cannot be reached just then",
  shows: [
    { checker: "delivery", types: ["lost-message"] },
    { checker: "saga-atomicity", types: ["stuck-saga"] },
  ],
  replacement: () => ({
    announceThrough: ({ bus }) => ({
      store: async () => {},
      send: async (messages) => {
        for (const { topic, message } of messages) {
          try {
            await bus.publish(topic, [{ key: message.stream, value: encodeMessage(message) }]);
          } catch {
            // As such code has it: the error is logged, and the answer is that all went well.
          }
        }
      },
    }),
  }),
};
