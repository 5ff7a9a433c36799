/** The error codes of the Kafka protocol that the model's broker gives. */
export const kafkaErrorCodes = {
  offsetOutOfRange: 1,
  unknownTopicOrPartition: 3,
  messageTooLarge: 10,
  invalidTopic: 17,
  invalidRequiredAcks: 21,
  illegalGeneration: 22,
  inconsistentGroupProtocol: 23,
  invalidGroupId: 24,
  unknownMemberId: 25,
  invalidSessionTimeout: 26,
  rebalanceInProgress: 27,
  invalidTimestamp: 32,
  topicAlreadyExists: 36,
  invalidPartitions: 37,
  invalidReplicationFactor: 38,
  outOfOrderSequenceNumber: 45,
  invalidProducerEpoch: 47,
  memberIdRequired: 79,
} as const;

/** What an error answer says beside its code, where kafkajs reads it. */
export interface KafkaErrorDetail {
  readonly memberId?: string;
  readonly topic?: string;
  readonly partition?: number;
  /** Errors by topic, of `createTopics`. */
  readonly topics?: readonly { readonly topic: string; readonly code: number }[];
}

/** What the broker answers to one request. A `quiet` one settles no promise of the client's. */
export type KafkaAnswer<Value> =
  | { readonly ok: true; readonly value: Value; readonly quiet?: boolean }
  | { readonly ok: false; readonly code: number; readonly detail?: KafkaErrorDetail };

/** Called once by the broker when it answers. */
export type KafkaReply<Value> = (answer: KafkaAnswer<Value>) => void;

/** An error answer. */
export function kafkaFailure(code: number, detail?: KafkaErrorDetail): KafkaAnswer<never> {
  return detail === undefined ? { ok: false, code } : { ok: false, code, detail };
}
