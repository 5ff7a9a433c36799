import { kafkaErrorCodes } from "./kafka-answer.ts";
import type { ProducedBatch } from "./log-record.ts";

interface StoredBatch {
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly baseOffset: number;
  readonly timestamp: string;
}

interface ProducerEntry {
  epoch: number;
  /** The last ones, newest last. */
  readonly batches: StoredBatch[];
}

/** How many batches of a producer a partition remembers, as in Kafka's `ProducerStateEntry`. */
const REMEMBERED_BATCHES = 5;

/** What a partition makes of a batch: new, a retry of what is stored at an offset, or an error code. */
export type SequenceVerdict =
  | { readonly kind: "new" }
  | { readonly kind: "duplicate"; readonly baseOffset: number; readonly timestamp: string }
  | { readonly kind: "refused"; readonly code: number };

/**
 * What a partition remembers of idempotent producers. A batch is a duplicate if its first and last
 * sequence numbers are those of one of the last five batches of that producer: what is in it is not
 * compared. A producer that is not known here may start with any sequence number.
 */
export class ProducerLedger {
  readonly #producers = new Map<number, ProducerEntry>();

  /** Looks at a batch before it is stored. */
  check({ producerId, producerEpoch, firstSequence, records }: ProducedBatch): SequenceVerdict {
    const entry = this.#producers.get(producerId);
    if (producerId < 0 || entry === undefined) return { kind: "new" };
    if (producerEpoch < entry.epoch) return { kind: "refused", code: kafkaErrorCodes.invalidProducerEpoch };
    const lastSequence = firstSequence + records.length - 1;
    const stored = entry.batches.find(
      (batch) => batch.firstSequence === firstSequence && batch.lastSequence === lastSequence,
    );
    if (stored !== undefined) {
      return { kind: "duplicate", baseOffset: stored.baseOffset, timestamp: stored.timestamp };
    }
    const expected = (entry.batches.at(-1)?.lastSequence ?? -1) + 1;
    if (firstSequence === expected) return { kind: "new" };
    return { kind: "refused", code: kafkaErrorCodes.outOfOrderSequenceNumber };
  }

  /** Notes a batch that was stored. */
  note({ producerId, producerEpoch, firstSequence, records }: ProducedBatch, baseOffset: number): void {
    if (producerId < 0) return;
    let entry = this.#producers.get(producerId);
    if (entry === undefined) {
      entry = { epoch: producerEpoch, batches: [] };
      this.#producers.set(producerId, entry);
    }
    entry.epoch = producerEpoch;
    const lastSequence = firstSequence + records.length - 1;
    const timestamp = String(Math.max(...records.map((record) => Number(record.timestamp))));
    entry.batches.push({ firstSequence, lastSequence, baseOffset, timestamp });
    if (entry.batches.length > REMEMBERED_BATCHES) entry.batches.shift();
  }
}
