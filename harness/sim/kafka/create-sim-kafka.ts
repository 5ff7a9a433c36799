import type { Consumer, ConsumerConfig, ProducerConfig, RetryOptions } from "kafkajs";
import { FaultlineError } from "../../faultline-error.ts";
import type { RandomStream } from "../../random/random-stream.ts";
import type { EventBroker, EventConsumer, EventProducer } from "../../run/store-clients.ts";
import type { Clock } from "../../time/clock.ts";
import type { Network } from "../network.ts";
import type { Scheduler } from "../scheduler.ts";
import type { Owner } from "../sim-event.ts";
import { SIM_EPOCH_MS } from "../virtual-clock.ts";
import { checkConsumerConfig, checkProducerConfig } from "./check-supported.ts";
import type { KafkaServer } from "./kafka-server.ts";
import { type KafkajsCluster, type KafkajsLogger, loadKafkajs } from "./kafkajs-internals.ts";
import { SimKafkaBroker } from "./sim-kafka-broker.ts";
import type { BrokerClient } from "./sim-kafka-broker-options.ts";
import { SimKafkaConnectionPool } from "./sim-kafka-connection-pool.ts";
import { simPartitioner } from "./sim-partitioner.ts";
import { wrapAdmin } from "./wrap-admin.ts";
import { wrapConsumer } from "./wrap-consumer.ts";
import { wrapProducer } from "./wrap-producer.ts";

/** What `new Kafka(…)` is given besides addresses; by default what the real lane gives it. */
export interface SimKafkaClientOptions {
  /** By default the client's node. */
  readonly clientId?: string;
  readonly connectionTimeout?: number;
  readonly requestTimeout?: number;
  readonly retry?: RetryOptions;
}

/** Who connects to what. */
export interface SimKafkaOptions {
  readonly scheduler: Scheduler;
  readonly network: Network;
  readonly server: KafkaServer;
  /** The client's node in the network. */
  readonly clientNode: string;
  /** The life of the client's process. */
  readonly owner: Owner;
  /** Draws where messages without a key begin, and the order in which partitions are asked for. */
  readonly random: RandomStream;
  readonly clock: Clock;
  readonly client?: SimKafkaClientOptions;
}

/** A kafkajs client for one process, and what to call when that process dies. */
export interface SimKafka {
  readonly broker: EventBroker;
  /** Closes the process's connections at the server; its promises never settle. */
  ownerDied(): void;
}

/** As the real lane sets them: kafkajs's own would wait for half a minute. */
const CONNECTION_TIMEOUT_MS = 500;
const REQUEST_TIMEOUT_MS = 1000;
const RETRY: RetryOptions = { initialRetryTime: 50, maxRetryTime: 500, retries: 8 };
/** kafkajs's defaults. */
const METADATA_MAX_AGE_MS = 300_000;
const HEARTBEAT_INTERVAL_MS = 3000;

const silentLogger: KafkajsLogger = {
  namespace: () => silentLogger,
  info: () => {},
  warn: () => {},
  error: () => {},
  debug: () => {},
};

/**
 * kafkajs on a {@link KafkaServer}: its own producer, consumer and admin client, with the simulated
 * network in place of its sockets. They take time and chance from the globals, so these must be pinned
 * (`pinGlobals`): otherwise it throws `globals-not-pinned`. Give each life of a process its own.
 */
export function createSimKafka(options: SimKafkaOptions): SimKafka {
  const kafkajs = loadKafkajs();
  const { server, random, client: settings = {} } = options;
  const pools = new Set<SimKafkaConnectionPool>();
  const refused = (error: Error): void => {
    server.refusals.push(error);
  };
  const clientRetry = settings.retry ?? RETRY;
  const newCluster = (config: ClusterConfig): KafkajsCluster & { readonly client: BrokerClient } =>
    createCluster(options, kafkajs, pools, config);
  const broker: EventBroker = {
    producer(config: ProducerConfig = {}): EventProducer {
      checkPinned(options);
      guard(refused, () => checkProducerConfig(config));
      const { retry, idempotent = false } = config;
      const producer = kafkajs.createProducer({
        cluster: newCluster(config),
        logger: silentLogger,
        createPartitioner: simPartitioner(random),
        retry: { ...kafkajs.retryDefaults, ...clientRetry, ...retry },
        idempotent,
      });
      return wrapProducer(producer, refused);
    },
    consumer(config: ConsumerConfig): EventConsumer {
      checkPinned(options);
      guard(refused, () => checkConsumerConfig(config));
      const { retry = { retries: 5 }, heartbeatInterval = HEARTBEAT_INTERVAL_MS } = config;
      const cluster = newCluster({ ...config, heartbeatInterval });
      const consumer: Consumer = kafkajs.createConsumer({
        ...config,
        cluster,
        logger: silentLogger,
        heartbeatInterval,
        retry: { ...kafkajs.retryDefaults, ...clientRetry, ...retry },
        metadataMaxAge: config.metadataMaxAge ?? METADATA_MAX_AGE_MS,
      });
      return wrapConsumer(consumer, refused, () => cluster.client.poll?.poke());
    },
    admin() {
      checkPinned(options);
      const admin = kafkajs.createAdmin({
        cluster: newCluster({}),
        logger: silentLogger,
        retry: { ...kafkajs.retryDefaults, ...clientRetry },
      });
      return wrapAdmin(admin, refused);
    },
  };
  const ownerDied = (): void => {
    for (const pool of pools) pool.abandon();
    pools.clear();
  };
  return { broker, ownerDied };
}

interface ClusterConfig {
  readonly metadataMaxAge?: number;
  readonly maxInFlightRequests?: number;
  readonly heartbeatInterval?: number;
}

/** kafkajs's cluster, with brokers and connections of the model. */
function createCluster(
  options: SimKafkaOptions,
  kafkajs: ReturnType<typeof loadKafkajs>,
  pools: Set<SimKafkaConnectionPool>,
  { metadataMaxAge = METADATA_MAX_AGE_MS, maxInFlightRequests, heartbeatInterval }: ClusterConfig,
): KafkajsCluster & { readonly client: BrokerClient } {
  const { client: settings = {}, server, clientNode } = options;
  const requestTimeoutMs = settings.requestTimeout ?? REQUEST_TIMEOUT_MS;
  const cluster = new kafkajs.Cluster({
    logger: silentLogger,
    brokers: [`${server.name}:9092`],
    clientId: settings.clientId ?? clientNode,
    requestTimeout: requestTimeoutMs,
    retry: { ...kafkajs.retryDefaults, ...(settings.retry ?? RETRY) },
    metadataMaxAge,
    allowAutoTopicCreation: false,
  });
  const client: BrokerClient = { heartbeats: null, poll: null };
  const connection = {
    ...options,
    kafkajs,
    connectionTimeoutMs: settings.connectionTimeout ?? CONNECTION_TIMEOUT_MS,
    requestTimeoutMs,
    maxInFlightRequests: maxInFlightRequests ?? null,
  };
  cluster.brokerPool.connectionPoolBuilder = {
    build: async () => {
      const pool = new SimKafkaConnectionPool(connection);
      pools.add(pool);
      return pool;
    },
  };
  const brokers = {
    ...options,
    kafkajs,
    clientId: settings.clientId ?? clientNode,
    heartbeatIntervalMs: heartbeatInterval ?? HEARTBEAT_INTERVAL_MS,
    client,
  };
  cluster.brokerPool.createBroker = (given) => new SimKafkaBroker(brokers, given);
  return Object.assign(cluster, { client });
}

function guard(refused: (error: Error) => void, check: () => void): void {
  try {
    check();
  } catch (error) {
    if (error instanceof Error) refused(error);
    throw error;
  }
}

/** Time that runs beside the scheduler's would hang a run or make it differ from one time to the next. */
function checkPinned({ scheduler }: SimKafkaOptions): void {
  // biome-ignore lint/plugin: what kafkajs reads is compared with what it should read
  const shownMs = Date.now();
  const virtualMs = SIM_EPOCH_MS + scheduler.now / 1e6;
  if (Math.abs(shownMs - virtualMs) <= 1) return;
  throw new FaultlineError(
    "harness",
    "globals-not-pinned",
    `The Kafka model's client reads the global clock, which shows ${shownMs} instead of the virtual ${virtualMs}.`,
    "Call pinGlobals() before the first client is made, and undo it after the run.",
  );
}
