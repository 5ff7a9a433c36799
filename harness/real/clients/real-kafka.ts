import type { Kafka, KafkaConfig, logLevel } from "kafkajs";
import type { EventBroker } from "../../run/store-clients.ts";

/** The parts of the `kafkajs` package that are needed, handed in so that it is loaded only where it is used. */
export interface KafkaPackage {
  readonly Kafka: new (config: KafkaConfig) => Kafka;
  readonly logLevel: { readonly NOTHING: logLevel.NOTHING };
}

/**
 * A kafkajs client with every wait bounded: its defaults would wait for half a minute. It keeps trying for
 * some seconds; a service that wants it otherwise says so to its producer or consumer.
 */
export function createRealKafka(kafkajs: KafkaPackage, url: string, clientId: string): EventBroker {
  return new kafkajs.Kafka({
    clientId,
    brokers: [new URL(url).host],
    connectionTimeout: 500,
    requestTimeout: 1000,
    retry: { initialRetryTime: 50, maxRetryTime: 500, retries: 8 },
    // What fails shows in the service's own log and in the history.
    logLevel: kafkajs.logLevel.NOTHING,
  });
}
