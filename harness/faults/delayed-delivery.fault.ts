import * as v from "valibot";
import type { Fault } from "./fault.ts";
import { durationMs, nodeName, parseParams } from "./parse-params.ts";

/** Which topic's messages are late, and by how many milliseconds. */
export type DelayedDeliveryParams = {
  readonly broker: string;
  readonly topic: string;
  readonly delayMs: number;
};

const schema: v.GenericSchema<DelayedDeliveryParams> = v.strictObject({
  broker: nodeName,
  topic: v.string(),
  delayMs: durationMs,
});

/** Delivers the messages of one topic late; those of others arrive in time. */
export const delayedDelivery: Fault<DelayedDeliveryParams> = {
  name: "delayed-delivery",
  does: "delivers the messages of one topic late",
  heals: "later messages arrive at the usual time",
  bite: "messages that were late",
  parse: (params) => parseParams("delayed-delivery", schema, params),
  target: ({ topic, delayMs }) => `${topic}, +${delayMs} ms`,
  ready: (port, { broker }) => port.isUp(broker),
  inject: (port, { broker, topic, delayMs }) => port.kafka(broker).delayDelivery(topic, delayMs),
  real: {
    impossible:
      "a broker has no way to hold back one topic; link-latency or link-partition between the broker and a consumer delays all of them",
  },
  needs: [],
};
