import type { BrokerCalls } from "./broker-calls.ts";
import { encodeBatch, type ProducerMessage } from "./encode-batch.ts";
import { FetchPoll } from "./fetch-poll.ts";
import type { FetchedPartition, FetchPartition, FetchResult } from "./fetch-request.ts";
import { type KafkaAnswer, kafkaErrorCodes, kafkaFailure } from "./kafka-answer.ts";
import type { ProduceResult } from "./produce-desk.ts";
import { shuffle } from "./shuffle.ts";
import type { SimKafkaBrokerOptions } from "./sim-kafka-broker-options.ts";

interface ProducePartition {
  readonly partition: number;
  readonly messages: readonly ProducerMessage[];
  readonly firstSequence: number;
}

/** A partition of a fetch as kafkajs asks for it. It reads `fetchOffset` again when the answer is there. */
interface KafkajsFetchPartition {
  readonly partition: number;
  fetchOffset: string;
  readonly maxBytes: number;
}

interface KafkajsFetchTopic {
  readonly topic: string;
  readonly partitions: KafkajsFetchPartition[];
}

/** What kafkajs's producers and consumers ask of partitions, as methods of its `Broker`. */
export class MessageCalls {
  readonly #calls: BrokerCalls;
  readonly #options: SimKafkaBrokerOptions;

  constructor(calls: BrokerCalls, options: SimKafkaBrokerOptions) {
    this.#calls = calls;
    this.#options = options;
  }

  /** Produce; null where nobody asked for an answer. */
  async produce(request: {
    readonly acks?: number;
    readonly producerId: unknown;
    readonly producerEpoch: number;
    readonly topicData: readonly {
      readonly topic: string;
      readonly partitions: readonly ProducePartition[];
    }[];
  }): Promise<object | null> {
    const { acks = -1, topicData, producerEpoch } = request;
    const { server, clock } = this.#options;
    const producerId = Number(request.producerId ?? -1);
    const batches = topicData.flatMap(({ topic, partitions }) =>
      partitions.map(({ partition, messages, firstSequence }) => ({
        topic,
        partition,
        batch: { producerId, producerEpoch, firstSequence, records: encodeBatch(messages, clock.nowMs()) },
      })),
    );
    const result = await this.#calls.request<ProduceResult | null>({
      label: "produce",
      expectsAnswer: acks !== 0,
      serve: (_session, reply) => reply(server.produceDesk.produce({ acks, batches })),
    });
    if (result === null) return null;
    const topics = topicData.map(({ topic }) => ({
      topicName: topic,
      partitions: result.batches
        .filter((batch) => batch.topic === topic)
        .map(({ partition, baseOffset, logAppendTime, logStartOffset }) => ({
          partition,
          errorCode: 0,
          baseOffset: String(baseOffset),
          logAppendTime,
          logStartOffset: String(logStartOffset),
        })),
    }));
    return { topics, throttleTime: 0, clientSideThrottleTime: 0 };
  }

  /** Fetch. Waits at the server, see {@link FetchPoll}. */
  async fetch(request: {
    readonly maxWaitTime: number;
    readonly maxBytes: number;
    readonly topics: readonly KafkajsFetchTopic[];
  }): Promise<object> {
    const { scheduler, server, client, owner, random } = this.#options;
    const partitions: FetchPartition[] = request.topics.flatMap(({ topic, partitions }) =>
      partitions.map(({ partition, fetchOffset, maxBytes }) => ({
        topic,
        partition,
        offset: Number(fetchOffset),
        maxBytes,
      })),
    );
    const connection = await this.#calls.pool.openForFetches();
    const common = { scheduler, owner, server, connection, heartbeats: client.heartbeats };
    const { maxWaitTime: maxWaitMs, maxBytes } = request;
    const polled = new Promise<KafkaAnswer<FetchResult>>((resolve, reject) => {
      const options = { ...common, maxWaitMs, maxBytes, partitions: shuffle(partitions, random) };
      client.poll = new FetchPoll(options, resolve, reject);
    });
    const { partitions: fetched } = await this.#settle(polled);
    return { responses: fetched.map((partition) => fetchResponse(partition, request.topics)) };
  }

  /** ListOffsets: −1 asks for the end of a partition, everything else here for its start. */
  listOffsets({
    topics,
  }: {
    readonly topics: readonly {
      readonly topic: string;
      readonly partitions: readonly { readonly partition: number; readonly timestamp: number }[];
    }[];
  }): Promise<object> {
    const { server } = this.#options;
    return this.#calls.request<object>({
      label: "list offsets",
      serve: (_session, reply) => {
        const responses = topics.map(({ topic, partitions }) => ({
          topic,
          partitions: partitions.map(({ partition, timestamp }) => {
            const log = server.topics.find(topic, partition);
            const offset = timestamp === -1 ? log?.endOffset : log?.startOffset;
            return { partition, errorCode: 0, timestamp: "-1", offset: String(offset ?? -1) };
          }),
        }));
        const missing = responses.some(({ partitions }) => partitions.some(({ offset }) => offset === "-1"));
        reply(
          missing
            ? kafkaFailure(kafkaErrorCodes.unknownTopicOrPartition)
            : { ok: true, value: { responses } },
        );
      },
    });
  }

  async #settle(polled: Promise<KafkaAnswer<FetchResult>>): Promise<FetchResult> {
    const { client } = this.#options;
    try {
      return this.#calls.valueOf(await this.#calls.watchLoss(polled));
    } finally {
      client.poll = null;
    }
  }
}

/** A partition's messages as kafkajs decodes them; each delivery has buffers of its own. */
function fetchResponse(fetched: FetchedPartition, topics: readonly KafkajsFetchTopic[]): object {
  const { topic, partition, highWatermark, rewoundTo, records } = fetched;
  if (rewoundTo !== null) {
    // kafkajs drops what lies before the offset that it asked for.
    const asked = topics.find((request) => request.topic === topic)?.partitions;
    const request = asked?.find((candidate) => candidate.partition === partition);
    if (request !== undefined) request.fetchOffset = String(rewoundTo);
  }
  const messages = records.map(({ offset, timestamp, key, value, headers }) => ({
    magicByte: 2,
    attributes: 0,
    timestamp,
    offset: String(offset),
    key: copy(key),
    value: copy(value),
    headers: Object.fromEntries(Object.entries(headers).map(([name, header]) => [name, copy(header)])),
    isControlRecord: false,
  }));
  const data = { partition, errorCode: 0, highWatermark: String(highWatermark), messages };
  return { topicName: topic, partitions: [{ ...data, abortedTransactions: [], preferredReadReplica: -1 }] };
}

function copy(bytes: Buffer | null): Buffer | null {
  return bytes === null ? null : Buffer.from(bytes);
}
