import type { ConsumerConfig, ITopicConfig, Message, ProducerConfig } from "kafkajs";
import type { Retention } from "./partition-log.ts";
import { UnsupportedByKafkaModelError } from "./unsupported-by-kafka-model-error.ts";

/** What may stand in an object: by key, whether a value can be taken. */
type Supported = Readonly<Record<string, (value: unknown) => boolean>>;

const anything = (): boolean => true;
const unset = (value: unknown): boolean => value === undefined || value === null;
const orUnset =
  (allowed: (value: unknown) => boolean) =>
  (value: unknown): boolean =>
    unset(value) || allowed(value);

const isBytes = (value: unknown): boolean => typeof value === "string" || Buffer.isBuffer(value);

const producerOptions: Supported = {
  retry: anything,
  metadataMaxAge: anything,
  allowAutoTopicCreation: anything,
  idempotent: anything,
  maxInFlightRequests: anything,
  createPartitioner: unset,
  transactionalId: unset,
  transactionTimeout: unset,
};

const consumerOptions: Supported = {
  groupId: anything,
  metadataMaxAge: anything,
  sessionTimeout: anything,
  rebalanceTimeout: anything,
  heartbeatInterval: anything,
  maxBytesPerPartition: anything,
  minBytes: (value) => value === undefined || value === 1,
  maxBytes: anything,
  maxWaitTimeInMs: anything,
  retry: anything,
  allowAutoTopicCreation: anything,
  maxInFlightRequests: anything,
  readUncommitted: anything,
  rackId: (value) => value === undefined || value === "",
  partitionAssigners: unset,
};

const sendOptions: Supported = {
  topic: anything,
  messages: anything,
  topicMessages: anything,
  acks: anything,
  timeout: anything,
  compression: orUnset((value) => value === 0),
};

const messageParts: Supported = {
  key: orUnset(isBytes),
  // kafkajs itself refuses a message without a value.
  value: orUnset(isBytes),
  partition: anything,
  timestamp: anything,
  headers: orUnset((value) => typeof value === "object" && Object.values(value ?? {}).every(isBytes)),
};

const subscribeOptions: Supported = {
  topic: (value) => !(value instanceof RegExp),
  topics: (value) => !Array.isArray(value) || !value.some((topic) => topic instanceof RegExp),
  fromBeginning: anything,
};

const runOptions: Supported = {
  autoCommit: anything,
  autoCommitInterval: anything,
  autoCommitThreshold: anything,
  eachBatchAutoResolve: anything,
  partitionsConsumedConcurrently: anything,
  eachBatch: anything,
  eachMessage: anything,
};

const createTopicOptions: Supported = {
  topics: anything,
  validateOnly: anything,
  waitForLeaders: anything,
  timeout: anything,
};

const topicOptions: Supported = {
  topic: anything,
  numPartitions: anything,
  replicationFactor: anything,
  replicaAssignment: (value) => unset(value) || (Array.isArray(value) && value.length === 0),
  configEntries: anything,
};

/** Throws {@link UnsupportedByKafkaModelError} for options of a producer that are not modelled. */
export function checkProducerConfig(config: ProducerConfig): void {
  check("producer", config, producerOptions);
}

/** The same for a consumer. */
export function checkConsumerConfig(config: ConsumerConfig): void {
  check("consumer", config, consumerOptions);
}

/** The same for `subscribe`. */
export function checkSubscription(subscription: object): void {
  check("subscribe", subscription, subscribeOptions);
}

/** The same for `run`. */
export function checkRunConfig(config: object): void {
  check("run", config, runOptions);
}

/** The same for `send` and `sendBatch`, with their messages. */
export function checkSend(
  record: object,
  topicMessages: readonly { readonly topic: string; readonly messages: readonly Message[] }[],
): void {
  check("send", record, sendOptions);
  for (const { messages } of topicMessages) {
    if (!Array.isArray(messages)) continue;
    for (const message of messages) check("message", message, messageParts);
  }
}

/** The same for `createTopics`. */
export function checkCreateTopics(request: object, topics: readonly ITopicConfig[]): void {
  check("createTopics", request, createTopicOptions);
  if (!Array.isArray(topics)) return;
  for (const topic of topics) {
    check("createTopics topic", topic, topicOptions);
    retentionOf(topic);
  }
}

/** What a new topic's configuration keeps. Throws where it says something else. */
export function retentionOf({ configEntries = [] }: ITopicConfig): Retention {
  let retention: Retention = {};
  for (const { name, value } of Array.isArray(configEntries) ? configEntries : []) {
    const bound = Number(value) < 0 ? undefined : Number(value);
    if (name !== "retention.ms" && name !== "retention.bytes") {
      throw new UnsupportedByKafkaModelError(`the topic setting ${name}`, "retention.ms, retention.bytes");
    }
    if (bound === undefined) continue;
    retention = { ...retention, ...(name === "retention.ms" ? { maxAgeMs: bound } : { maxBytes: bound }) };
  }
  return retention;
}

function check(what: string, given: object, supported: Supported): void {
  for (const [key, value] of Object.entries(given)) {
    const allows = Object.hasOwn(supported, key) ? supported[key] : undefined;
    // What is not set at all is not asked for.
    if (allows === undefined ? value === undefined : allows(value)) continue;
    const shown = allows === undefined ? key : `${key} = ${show(value)}`;
    throw new UnsupportedByKafkaModelError(`${what} with ${shown}`, Object.keys(supported).join(", "));
  }
}

function show(value: unknown): string {
  return typeof value === "object" || typeof value === "function" ? typeof value : String(value);
}
