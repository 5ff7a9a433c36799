import { createRequire } from "node:module";
import type { Admin, Consumer, Producer, RetryOptions } from "kafkajs";

/** What kafkajs knows of a connection pool of one broker. */
export interface KafkajsConnectionPool {
  readonly host: string;
  readonly port: number;
  readonly connectionTimeout: number;
  rack: string | null;
  isConnected(): boolean;
}

/** What kafkajs's broker pool gives to whom makes a broker. */
export interface KafkajsBrokerOptions {
  readonly connectionPool: KafkajsConnectionPool;
  readonly nodeId?: number;
  readonly versions?: object | null;
}

/** The part of kafkajs's `BrokerPool` that is replaced. */
export interface KafkajsBrokerPool {
  createBroker: (options: KafkajsBrokerOptions) => object;
  connectionPoolBuilder: { build(): Promise<KafkajsConnectionPool> };
}

/** kafkajs's `Cluster`, as far as it is touched here. */
export interface KafkajsCluster {
  readonly brokerPool: KafkajsBrokerPool;
}

/** kafkajs's logger; here always a silent one. */
export interface KafkajsLogger {
  namespace(): KafkajsLogger;
  info(): void;
  warn(): void;
  error(): void;
  debug(): void;
}

/** Acquired by one at a time; the others wait. */
export interface KafkajsLock {
  acquire(): Promise<void>;
  release(): Promise<void>;
}

/** An error class of kafkajs; what it takes depends on the class. */
export type KafkajsErrorClass = new (message: string | Error, details?: object) => Error;

/** kafkajs's error classes that connections and answers end in. */
export interface KafkajsErrors {
  readonly KafkaJSConnectionError: KafkajsErrorClass;
  readonly KafkaJSConnectionClosedError: KafkajsErrorClass;
  readonly KafkaJSRequestTimeoutError: KafkajsErrorClass;
  readonly KafkaJSOffsetOutOfRange: KafkajsErrorClass;
  readonly KafkaJSMemberIdRequired: KafkajsErrorClass;
  readonly KafkaJSAggregateError: new (message: string, errors: readonly Error[]) => Error;
  readonly KafkaJSCreateTopicError: new (error: Error, topic: string) => Error;
}

/** The parts of kafkajs 2.2.4 that run unchanged on the model. */
export interface KafkajsInternals {
  readonly Cluster: new (options: object) => KafkajsCluster;
  readonly createProducer: (options: object) => Producer;
  readonly createConsumer: (options: object) => Consumer;
  readonly createAdmin: (options: object) => Admin;
  readonly Lock: new (options: { timeout: number; description: string }) => KafkajsLock;
  readonly errors: KafkajsErrors;
  readonly createErrorFromCode: (code: number) => Error;
  readonly defaultPartitioner: unknown;
  /** What it retries by where nothing else is said. */
  readonly retryDefaults: RetryOptions;
}

/**
 * kafkajs's own producer, consumer, admin client, cluster and errors, taken from inside of the package:
 * above the connection nothing is modelled, it is the code that runs in production. Its version is
 * pinned; a test compares the names that are used here with the package.
 */
export function loadKafkajs(): KafkajsInternals {
  const require = createRequire(import.meta.url);
  return {
    Cluster: require("kafkajs/src/cluster/index.js"),
    createProducer: require("kafkajs/src/producer/index.js"),
    createConsumer: require("kafkajs/src/consumer/index.js"),
    createAdmin: require("kafkajs/src/admin/index.js"),
    Lock: require("kafkajs/src/utils/lock.js"),
    errors: require("kafkajs/src/errors.js"),
    createErrorFromCode: require("kafkajs/src/protocol/error.js").createErrorFromCode,
    defaultPartitioner: require("kafkajs/src/producer/partitioners/index.js").DefaultPartitioner,
    retryDefaults: require("kafkajs/src/retry/defaults.js"),
  };
}
