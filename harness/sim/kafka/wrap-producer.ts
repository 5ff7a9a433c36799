import type { Producer, ProducerBatch, ProducerRecord } from "kafkajs";
import type { EventProducer } from "../../run/store-clients.ts";
import { checkSend } from "./check-supported.ts";
import { refuseRest } from "./refuse-rest.ts";

/** A kafkajs producer on the model: what is not modelled is refused before anything is sent. */
export function wrapProducer(producer: Producer, refused: (error: Error) => void): EventProducer {
  const checked = async <Value>(check: () => void, send: () => Promise<Value>): Promise<Value> => {
    try {
      check();
    } catch (error) {
      if (error instanceof Error) refused(error);
      throw error;
    }
    return await send();
  };
  const wrapped: EventProducer = {
    connect: () => producer.connect(),
    disconnect: () => producer.disconnect(),
    send: (record: ProducerRecord) =>
      checked(
        () => checkSend(record, [record]),
        () => producer.send(record),
      ),
    sendBatch: (batch: ProducerBatch) =>
      checked(
        () => checkSend(batch, batch.topicMessages ?? []),
        () => producer.sendBatch(batch),
      ),
  };
  return refuseRest("producer", wrapped, producer, refused);
}
