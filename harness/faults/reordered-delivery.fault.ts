import * as v from "valibot";
import type { Fault } from "./fault.ts";
import { messageCount, nodeName, parseParams } from "./parse-params.ts";

/** How many messages of a topic change places. */
export type ReorderedDeliveryParams = {
  readonly broker: string;
  readonly topic: string;
  readonly count: number;
};

const schema: v.GenericSchema<ReorderedDeliveryParams> = v.strictObject({
  broker: nodeName,
  topic: v.string(),
  count: messageCount,
});

/** Delivers messages of a topic in another order than that in which they were sent. */
export const reorderedDelivery: Fault<ReorderedDeliveryParams> = {
  name: "reordered-delivery",
  does: "delivers messages of a topic in another order",
  heals: "later messages arrive in order",
  bite: "messages that changed places",
  parse: (params) => parseParams("reordered-delivery", schema, params),
  target: ({ topic, count }) => `${count} message${count === 1 ? "" : "s"} of ${topic}`,
  ready: (port, { broker }) => port.isUp(broker),
  inject: (port, { broker, topic, count }) => port.kafka(broker).reorderDelivery(topic, count),
  real: {
    impossible: "a Kafka broker delivers the messages of a partition in the order of its log, always",
  },
  needs: [],
};
