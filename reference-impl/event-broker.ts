import type { Consumer, ConsumerConfig, Producer, ProducerConfig } from "kafkajs";

/** The part of a kafkajs producer that services use. */
export type EventProducer = Pick<Producer, "connect" | "disconnect" | "send">;

/** The part of a kafkajs consumer that services use. */
export type EventConsumer = Pick<Consumer, "connect" | "disconnect" | "subscribe" | "run" | "on">;

/** The part of a kafkajs `Kafka` instance that services use. */
export interface EventBroker {
  producer(config?: ProducerConfig): EventProducer;
  consumer(config: ConsumerConfig): EventConsumer;
}
