import type { KafkaErrorDetail } from "./kafka-answer.ts";
import { kafkaErrorCodes } from "./kafka-answer.ts";
import { PartitionLog, type Retention } from "./partition-log.ts";
import type { TopicDefinition } from "./topic-definition.ts";

/** A topic as `createTopics` asks for it; −1: the broker's default. */
export interface NewTopic {
  readonly topic: string;
  readonly numPartitions: number;
  readonly replicationFactor: number;
  readonly retention: Retention;
}

/** What a client learns of a topic. */
export interface TopicMetadata {
  readonly topicErrorCode: number;
  readonly topic: string;
  readonly isInternal: boolean;
  readonly partitionMetadata: readonly {
    readonly partitionErrorCode: number;
    readonly partitionId: number;
    readonly leader: number;
    readonly replicas: readonly number[];
    readonly isr: readonly number[];
    readonly offlineReplicas: readonly number[];
  }[];
}

/** The one broker's id. */
export const BROKER_ID = 1;

/** Where a broker keeps the offsets of groups; it appears with the first group. */
const OFFSETS_TOPIC = "__consumer_offsets";
const OFFSETS_PARTITIONS = 50;

/** The topics of a broker with their partitions; they survive it. */
export class Topics {
  readonly #topics = new Map<string, readonly PartitionLog[]>();
  readonly #internal = new Set<string>();

  constructor(definitions: readonly TopicDefinition[]) {
    for (const { name, partitions, retention } of definitions) this.#add(name, partitions, retention ?? {});
  }

  /** The partition's log, or null where there is no such partition. */
  find(topic: string, partition: number): PartitionLog | null {
    return this.#topics.get(topic)?.[partition] ?? null;
  }

  /** The partitions of a topic; none where there is no such topic. */
  partitions(topic: string): readonly PartitionLog[] {
    return this.#topics.get(topic) ?? [];
  }

  /** The first group has come. */
  createOffsetsTopic(): void {
    if (this.#topics.has(OFFSETS_TOPIC)) return;
    this.#add(OFFSETS_TOPIC, OFFSETS_PARTITIONS, {});
    this.#internal.add(OFFSETS_TOPIC);
  }

  /** Metadata of these topics; of all, if none is named. */
  metadata(names: readonly string[]): TopicMetadata[] {
    const asked = names.length === 0 ? [...this.#topics.keys()] : names;
    return asked.map((topic) => {
      const logs = this.#topics.get(topic);
      const invalid = !isTopicName(topic);
      const missing = invalid ? kafkaErrorCodes.invalidTopic : kafkaErrorCodes.unknownTopicOrPartition;
      return {
        topicErrorCode: logs === undefined ? missing : 0,
        topic,
        isInternal: this.#internal.has(topic),
        partitionMetadata: (logs ?? []).map(({ partition }) => ({
          partitionErrorCode: 0,
          partitionId: partition,
          leader: BROKER_ID,
          replicas: [BROKER_ID],
          isr: [BROKER_ID],
          offlineReplicas: [],
        })),
      };
    });
  }

  /** Creates topics, or only checks whether it could; answers the errors by topic. */
  create(topics: readonly NewTopic[], validateOnly: boolean): NonNullable<KafkaErrorDetail["topics"]> {
    const errors: { topic: string; code: number }[] = [];
    for (const wanted of topics) {
      const code = this.#refusal(wanted);
      if (code !== 0) errors.push({ topic: wanted.topic, code });
      else if (!validateOnly) {
        this.#add(wanted.topic, wanted.numPartitions === -1 ? 1 : wanted.numPartitions, wanted.retention);
      }
    }
    return errors.sort((a, b) => a.topic.localeCompare(b.topic));
  }

  #refusal({ topic, numPartitions, replicationFactor }: NewTopic): number {
    if (!isTopicName(topic)) return kafkaErrorCodes.invalidTopic;
    if (this.#topics.has(topic)) return kafkaErrorCodes.topicAlreadyExists;
    if (numPartitions === 0 || numPartitions < -1) return kafkaErrorCodes.invalidPartitions;
    if (replicationFactor !== -1 && replicationFactor !== 1) return kafkaErrorCodes.invalidReplicationFactor;
    return 0;
  }

  #add(name: string, partitions: number, retention: Retention): void {
    const logs = Array.from({ length: partitions }, (_, i) => new PartitionLog(name, i, retention));
    this.#topics.set(name, logs);
  }
}

/** Kafka's rule for names. */
function isTopicName(name: string): boolean {
  return /^[a-zA-Z0-9._-]{1,249}$/.test(name) && name !== "." && name !== "..";
}
