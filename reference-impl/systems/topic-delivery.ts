/** Messages of a Kafka topic, on their way to one group of consumers. */
export interface TopicDelivery {
  /** The node of the broker. */
  readonly broker: string;
  readonly topic: string;
  readonly group: string;
  /** The service whose consumers the group has. */
  readonly consumer: string;
}
