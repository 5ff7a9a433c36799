import { BrokerCalls } from "./broker-calls.ts";
import { CatalogCalls } from "./catalog-calls.ts";
import { GroupCalls } from "./group-calls.ts";
import type { KafkajsBrokerOptions, KafkajsLock } from "./kafkajs-internals.ts";
import { MessageCalls } from "./message-calls.ts";
import type { SimKafkaBrokerOptions } from "./sim-kafka-broker-options.ts";
import type { SimKafkaConnectionPool } from "./sim-kafka-connection-pool.ts";

const AUTHENTICATION_TIMEOUT_MS = 10_000;

/**
 * The model's broker as kafkajs's `Cluster`, producer, consumer and admin client see one: the methods
 * of kafkajs's `Broker`, with requests to a {@link KafkaServer} in place of the wire protocol.
 */
export class SimKafkaBroker {
  readonly connectionPool: SimKafkaConnectionPool;
  /** Set by kafkajs when it learns which broker it talks to. */
  nodeId: number | null;
  /** What the broker can do; null before it was asked. */
  versions: object | null;
  readonly #calls: BrokerCalls;
  readonly #catalog: CatalogCalls;
  readonly #groups: GroupCalls;
  readonly #messages: MessageCalls;
  readonly #lock: KafkajsLock;

  constructor(options: SimKafkaBrokerOptions, { connectionPool, nodeId, versions }: KafkajsBrokerOptions) {
    // Made by the builder that was put in place together with this class.
    this.connectionPool = connectionPool as SimKafkaConnectionPool;
    this.#calls = new BrokerCalls(this.connectionPool, options.kafkajs);
    this.#catalog = new CatalogCalls(this.#calls, options);
    this.#groups = new GroupCalls(this.#calls, options);
    this.#messages = new MessageCalls(this.#calls, options);
    this.nodeId = nodeId ?? null;
    this.versions = versions ?? null;
    this.#lock = new options.kafkajs.Lock({
      timeout: 2 * connectionPool.connectionTimeout + AUTHENTICATION_TIMEOUT_MS,
      description: `connect to broker ${connectionPool.host}:${connectionPool.port}`,
    });
  }

  /** See kafkajs. */
  isConnected(): boolean {
    return this.connectionPool.isConnected();
  }

  /** Opens a connection and asks for the API versions; resolves if one is open already. */
  async connect(): Promise<void> {
    await this.#lock.acquire();
    try {
      if (this.isConnected()) return;
      await this.connectionPool.open();
      this.versions ??= await this.#calls.request<object>({
        label: "api versions",
        serve: (_session, reply) => reply({ ok: true, value: {} }),
      });
    } finally {
      await this.#lock.release();
    }
  }

  /** See kafkajs. */
  async disconnect(): Promise<void> {
    await this.connectionPool.destroy();
  }

  /** Metadata. */
  metadata(...request: Parameters<CatalogCalls["metadata"]>): ReturnType<CatalogCalls["metadata"]> {
    return this.#catalog.metadata(...request);
  }

  /** FindCoordinator. */
  findGroupCoordinator(): ReturnType<CatalogCalls["findGroupCoordinator"]> {
    return this.#catalog.findGroupCoordinator();
  }

  /** CreateTopics. */
  createTopics(
    ...request: Parameters<CatalogCalls["createTopics"]>
  ): ReturnType<CatalogCalls["createTopics"]> {
    return this.#catalog.createTopics(...request);
  }

  /** InitProducerId. */
  initProducerId(): ReturnType<CatalogCalls["initProducerId"]> {
    return this.#catalog.initProducerId();
  }

  /** Produce. */
  produce(...request: Parameters<MessageCalls["produce"]>): ReturnType<MessageCalls["produce"]> {
    return this.#messages.produce(...request);
  }

  /** Fetch. */
  fetch(...request: Parameters<MessageCalls["fetch"]>): ReturnType<MessageCalls["fetch"]> {
    return this.#messages.fetch(...request);
  }

  /** ListOffsets. */
  listOffsets(...request: Parameters<MessageCalls["listOffsets"]>): ReturnType<MessageCalls["listOffsets"]> {
    return this.#messages.listOffsets(...request);
  }

  /** Heartbeat. */
  heartbeat(...request: Parameters<GroupCalls["heartbeat"]>): ReturnType<GroupCalls["heartbeat"]> {
    return this.#groups.heartbeat(...request);
  }

  /** JoinGroup. */
  joinGroup(...request: Parameters<GroupCalls["joinGroup"]>): ReturnType<GroupCalls["joinGroup"]> {
    return this.#groups.joinGroup(...request);
  }

  /** SyncGroup. */
  syncGroup(...request: Parameters<GroupCalls["syncGroup"]>): ReturnType<GroupCalls["syncGroup"]> {
    return this.#groups.syncGroup(...request);
  }

  /** LeaveGroup. */
  leaveGroup(...request: Parameters<GroupCalls["leaveGroup"]>): ReturnType<GroupCalls["leaveGroup"]> {
    return this.#groups.leaveGroup(...request);
  }

  /** OffsetCommit. */
  offsetCommit(...request: Parameters<GroupCalls["offsetCommit"]>): ReturnType<GroupCalls["offsetCommit"]> {
    return this.#groups.offsetCommit(...request);
  }

  /** OffsetFetch. */
  offsetFetch(...request: Parameters<GroupCalls["offsetFetch"]>): ReturnType<GroupCalls["offsetFetch"]> {
    return this.#groups.offsetFetch(...request);
  }
}
