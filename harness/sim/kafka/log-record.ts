/** A message on its way to a partition, as its producer encoded it. */
export interface ProducedRecord {
  /** Milliseconds since 1970. */
  readonly timestamp: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, Buffer>>;
  /** About what it takes on the wire and on disk. */
  readonly sizeBytes: number;
}

/** A message in a partition. */
export interface LogRecord extends ProducedRecord {
  readonly offset: number;
  /** The first offset of the batch that it came in: a broker hands out whole batches. */
  readonly batchOffset: number;
  /** When it was stored, in virtual nanoseconds. */
  readonly appendedNs: number;
}

/** Messages that one request brings to one partition, with what makes a retried one known again. */
export interface ProducedBatch {
  /** −1: the producer is not idempotent. */
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly firstSequence: number;
  readonly records: readonly ProducedRecord[];
}
