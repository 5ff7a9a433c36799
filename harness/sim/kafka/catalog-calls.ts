import type { ITopicConfig } from "kafkajs";
import type { BrokerCalls } from "./broker-calls.ts";
import { retentionOf } from "./check-supported.ts";
import { KAFKA_PORT } from "./connection-errors.ts";
import { kafkaFailure } from "./kafka-answer.ts";
import { shuffle } from "./shuffle.ts";
import type { SimKafkaBrokerOptions } from "./sim-kafka-broker-options.ts";
import { BROKER_ID, type NewTopic, type TopicMetadata } from "./topics.ts";

/** What kafkajs's clients ask about the cluster and its topics, as methods of its `Broker`. */
export class CatalogCalls {
  readonly #calls: BrokerCalls;
  readonly #options: SimKafkaBrokerOptions;

  constructor(calls: BrokerCalls, options: SimKafkaBrokerOptions) {
    this.#calls = calls;
    this.#options = options;
  }

  /** Metadata; one unknown topic makes an error of all. */
  async metadata(topics: readonly string[] = []): Promise<object> {
    const { server, random } = this.#options;
    const shuffled = shuffle([...topics], random);
    const topicMetadata = await this.#calls.request<TopicMetadata[]>({
      label: "metadata",
      serve: (_session, reply) => {
        const found = server.topics.metadata(shuffled);
        const failed = found.find(({ topicErrorCode }) => topicErrorCode !== 0);
        reply(failed === undefined ? { ok: true, value: found } : kafkaFailure(failed.topicErrorCode));
      },
    });
    const { host } = this.#calls.pool;
    return {
      throttleTime: 0,
      clientSideThrottleTime: 0,
      brokers: [{ nodeId: BROKER_ID, host, port: KAFKA_PORT, rack: null }],
      clusterId: host,
      controllerId: BROKER_ID,
      topicMetadata,
    };
  }

  /** FindCoordinator: the one broker coordinates everything. */
  async findGroupCoordinator(): Promise<object> {
    const { server } = this.#options;
    await this.#calls.request<null>({
      label: "find coordinator",
      serve: (_session, reply) => {
        server.topics.createOffsetsTopic();
        reply({ ok: true, value: null });
      },
    });
    const { host } = this.#calls.pool;
    return { errorCode: 0, coordinator: { nodeId: BROKER_ID, host, port: KAFKA_PORT } };
  }

  /** CreateTopics: an aggregate of one error for each topic that was refused. */
  async createTopics(request: { topics: readonly ITopicConfig[]; validateOnly?: boolean }): Promise<object> {
    const { server } = this.#options;
    const wanted: NewTopic[] = request.topics.map((config) => ({
      topic: config.topic,
      numPartitions: config.numPartitions ?? -1,
      replicationFactor: config.replicationFactor ?? -1,
      retention: retentionOf(config),
    }));
    await this.#calls.request<null>({
      label: "create topics",
      serve: (_session, reply) => {
        const topics = server.topics.create(wanted, request.validateOnly ?? false);
        reply(
          topics.length === 0 ? { ok: true, value: null } : kafkaFailure(topics[0]?.code ?? -1, { topics }),
        );
      },
    });
    return { topicErrors: [] };
  }

  /** InitProducerId, of a producer without transactions. */
  async initProducerId(): Promise<object> {
    const { server } = this.#options;
    const producerId = await this.#calls.request<number>({
      label: "init producer id",
      serve: (_session, reply) => reply({ ok: true, value: server.newProducerId() }),
    });
    return { producerId: String(producerId), producerEpoch: 0 };
  }
}
