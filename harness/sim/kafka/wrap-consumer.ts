import type { Consumer, ConsumerRunConfig } from "kafkajs";
import type { EventConsumer } from "../../run/store-clients.ts";
import { checkRunConfig, checkSubscription } from "./check-supported.ts";
import { refuseRest } from "./refuse-rest.ts";
import { UnsupportedByKafkaModelError } from "./unsupported-by-kafka-model-error.ts";

/** `consumer.events.CRASH` of kafkajs. */
const CRASH = "consumer.crash";

/**
 * A kafkajs consumer on the model: what is not modelled is refused, and `changed` is called where the
 * consumer's next fetch may be another one than before.
 */
export function wrapConsumer(
  consumer: Consumer,
  refused: (error: Error) => void,
  changed: () => void,
): EventConsumer {
  const checked = async <Value>(check: () => void, go: () => Promise<Value>): Promise<Value> => {
    try {
      check();
    } catch (error) {
      if (error instanceof Error) refused(error);
      throw error;
    }
    return await go();
  };
  const andChanged = <Value>(result: Value): Value => {
    changed();
    return result;
  };
  const wrapped: EventConsumer = {
    connect: () => consumer.connect(),
    disconnect: () => andChanged(consumer.disconnect()),
    stop: () => andChanged(consumer.stop()),
    subscribe: (subscription) =>
      checked(
        () => checkSubscription(subscription),
        () => consumer.subscribe(subscription),
      ),
    run: (config = {}) =>
      checked(
        () => checkRunConfig(config),
        () => consumer.run(watchResume(config, changed)),
      ),
    seek: (position) => andChanged(consumer.seek(position)),
    pause: (partitions) => andChanged(consumer.pause(partitions)),
    resume: (partitions) => andChanged(consumer.resume(partitions)),
    commitOffsets: (offsets) => consumer.commitOffsets(offsets),
    on: watchCrash(consumer, refused),
  };
  return refuseRest("consumer", wrapped, consumer, refused);
}

/** Of the events only that of a consumer that has ended. */
function watchCrash(consumer: Consumer, refused: (error: Error) => void): Consumer["on"] {
  return (name: string, listener: Parameters<Consumer["on"]>[1]) => {
    if (name === CRASH) return consumer.on(CRASH, listener);
    const error = new UnsupportedByKafkaModelError(`consumer.on("${name}")`, `consumer.on("${CRASH}")`);
    refused(error);
    throw error;
  };
}

/** A handler may pause its partition and resume it later, when it is no longer running. */
function watchResume(config: ConsumerRunConfig, changed: () => void): ConsumerRunConfig {
  const { eachMessage, eachBatch } = config;
  const watched = (pause: () => () => void) => () => {
    const resume = pause();
    return () => {
      resume();
      changed();
    };
  };
  return {
    ...config,
    ...(eachMessage && {
      eachMessage: (payload) => eachMessage({ ...payload, pause: watched(payload.pause) }),
    }),
    ...(eachBatch && { eachBatch: (payload) => eachBatch({ ...payload, pause: watched(payload.pause) }) }),
  };
}
