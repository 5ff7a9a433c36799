import * as v from "valibot";
import type { Fault } from "./fault.ts";
import { messageCount, nodeName, parseParams } from "./parse-params.ts";

/** Which consumer group gets how many messages of a topic a second time; `consumer` is its service. */
export type DuplicateDeliveryParams = {
  readonly broker: string;
  readonly topic: string;
  readonly group: string;
  readonly consumer: string;
  readonly count: number;
};

const schema: v.GenericSchema<DuplicateDeliveryParams> = v.strictObject({
  broker: nodeName,
  topic: v.string(),
  group: v.string(),
  consumer: nodeName,
  count: messageCount,
});

/** How often the real lane looks for something that can come again. */
const ATTEMPTS = 5;
const WAIT_MS = 300;

/** Delivers messages of a topic twice, as Kafka may whenever a consumer dies before it commits. */
export const duplicateDelivery: Fault<DuplicateDeliveryParams> = {
  name: "duplicate-delivery",
  does: "delivers messages of a topic again (real lane: restarts the consumer with its group's offsets set back)",
  heals: "later messages are delivered once (real lane: nothing is left to heal)",
  bite: "messages that were delivered again",
  parse: (params) => parseParams("duplicate-delivery", schema, params),
  target: ({ topic, count, consumer }) =>
    `${count} message${count === 1 ? "" : "s"} of ${topic} to ${consumer}`,
  ready: (port, { broker }) => port.isUp(broker),
  inject: (port, { broker, topic, count }) => port.kafka(broker).duplicateDelivery(topic, count),
  real: async (port, { broker, topic, group, consumer, count }) => {
    const process = port.process(consumer);
    let bites = 0;
    // A group that has not been given anything yet cannot be given it again.
    for (let attempt = 0; bites === 0 && attempt < ATTEMPTS; attempt++) {
      if (attempt > 0) await port.sleep(WAIT_MS);
      // Offsets can be set while the group has no member only.
      await process.stopGracefully();
      try {
        bites = await port.kafka(broker).rewind(group, topic, count);
      } finally {
        await process.start();
      }
    }
    return { bites: async () => bites, heal: async () => {} };
  },
  needs: ["processes", "kafka-admin"],
};
