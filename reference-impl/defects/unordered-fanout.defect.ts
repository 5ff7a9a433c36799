import type { EventBus } from "../patterns/event-bus.ts";
import { publishThenMark } from "../patterns/outbox-relay.ts";
import type { BlogMechanisms } from "../services/blog/blog-mechanisms.ts";
import type { Defect } from "./defect.ts";

/** Every message has a key of its own, so that they spread evenly over the partitions. */
function spread(bus: EventBus): EventBus {
  return {
    publish: (topic, messages) =>
      bus.publish(
        topic,
        messages.map(({ value }) => ({ key: value, value })),
      ),
    subscribe: (group, topics, handle) => bus.subscribe(group, topics, handle),
    close: () => bus.close(),
  };
}

/** The entries of one author take different ways. */
export const unorderedFanout: Defect<BlogMechanisms> = {
  name: "unordered-fanout",
  missing: "messages are spread over the partitions: those of one author have no order at the readers",
  needs: "two entries, or two texts of one entry, that overtake each other: a partition that is behind",
  shows: [
    { checker: "read-your-writes", types: ["own-write-not-seen", "own-writes-contradict"] },
    { checker: "monotonic-reads", types: ["read-went-back", "reads-contradict"] },
  ],
  replacement: () => ({
    relayBatch: ({ database, bus }) => publishThenMark({ database, bus: spread(bus) }),
  }),
};
