import { type KafkaAnswer, kafkaErrorCodes, kafkaFailure } from "./kafka-answer.ts";
import type { KafkaSettings } from "./kafka-settings.ts";
import type { ProducedBatch } from "./log-record.ts";
import type { PartitionLog } from "./partition-log.ts";
import type { Topics } from "./topics.ts";

/** A producer's request: one batch for each of some partitions. */
export interface ProduceRequest {
  readonly acks: number;
  readonly batches: readonly {
    readonly topic: string;
    readonly partition: number;
    readonly batch: ProducedBatch;
  }[];
}

/** Where the batches were stored. */
export interface ProduceResult {
  readonly batches: readonly {
    readonly topic: string;
    readonly partition: number;
    readonly baseOffset: number;
    readonly logAppendTime: string;
    readonly logStartOffset: number;
  }[];
}

type StoredBatch = ProduceResult["batches"][number];

/** What the desk needs of its broker. */
export interface ProduceHost {
  readonly topics: Topics;
  readonly settings: KafkaSettings;
  now(): { readonly ns: number; readonly ms: number };
  /** Tells that messages were stored. */
  stored(log: PartitionLog, baseOffset: number, count: number): void;
}

/** What a batch takes besides its records. */
const BATCH_OVERHEAD_BYTES = 61;

/** Takes messages in: each batch is stored or refused for itself. */
export class ProduceDesk {
  readonly #host: ProduceHost;

  constructor(host: ProduceHost) {
    this.#host = host;
  }

  /** Produce. The answer is the first error, though other batches may have been stored. */
  produce({ acks, batches }: ProduceRequest): KafkaAnswer<ProduceResult> {
    if (acks < -1 || acks > 1) return kafkaFailure(kafkaErrorCodes.invalidRequiredAcks);
    const stored: StoredBatch[] = [];
    let failure = 0;
    for (const { topic, partition, batch } of batches) {
      const result = this.#store(topic, partition, batch);
      if (typeof result === "number") failure ||= result;
      else stored.push({ topic, partition, ...result });
    }
    return failure === 0 ? { ok: true, value: { batches: stored } } : kafkaFailure(failure);
  }

  #store(
    topic: string,
    partition: number,
    batch: ProducedBatch,
  ): number | Pick<StoredBatch, "baseOffset" | "logAppendTime" | "logStartOffset"> {
    const { topics, settings } = this.#host;
    const now = this.#host.now();
    const log = topics.find(topic, partition);
    if (log === null) return kafkaErrorCodes.unknownTopicOrPartition;
    let bytes = BATCH_OVERHEAD_BYTES;
    for (const { sizeBytes, timestamp } of batch.records) {
      bytes += sizeBytes;
      if (Number(timestamp) > now.ms + settings.timestampAfterMaxMs) return kafkaErrorCodes.invalidTimestamp;
    }
    if (bytes > settings.messageMaxBytes) return kafkaErrorCodes.messageTooLarge;
    const appended = log.append(batch, now.ns);
    if (!appended.ok) return appended.code;
    if (appended.stored) this.#host.stored(log, appended.baseOffset, batch.records.length);
    const { baseOffset, logAppendTime } = appended;
    return { baseOffset, logAppendTime, logStartOffset: log.startOffset };
  }
}
