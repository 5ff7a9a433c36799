import type { LogRecord, ProducedBatch } from "./log-record.ts";
import { ProducerLedger } from "./producer-ledger.ts";

/** What a partition keeps; what is left out has no bound. */
export interface Retention {
  readonly maxMessages?: number;
  readonly maxBytes?: number;
  readonly maxAgeMs?: number;
}

/** What became of a batch. */
export type AppendResult =
  | {
      readonly ok: true;
      readonly baseOffset: number;
      readonly stored: boolean;
      /** −1, but for a retry: Kafka then gives the time of the batch that is stored. */
      readonly logAppendTime: string;
    }
  | { readonly ok: false; readonly code: number };

interface HiddenRecord {
  readonly offset: number;
  untilNs: number;
}

/** One partition: messages in the order of their offsets, without gaps. Survives the broker. */
export class PartitionLog {
  readonly topic: string;
  readonly partition: number;
  retention: Retention;
  readonly #ledger = new ProducerLedger();
  #records: LogRecord[] = [];
  /** Index in `#records` of the first one that is kept: what is before it is dropped now and then. */
  #head = 0;
  #bytes = 0;
  #endOffset = 0;
  /** Records that consumers may not see yet, in the order of their offsets. */
  readonly #hidden: HiddenRecord[] = [];

  constructor(topic: string, partition: number, retention: Retention) {
    this.topic = topic;
    this.partition = partition;
    this.retention = retention;
  }

  /** The offset of the oldest message that is kept. */
  get startOffset(): number {
    return this.#endOffset - (this.#records.length - this.#head);
  }

  /** The offset that the next message gets. */
  get endOffset(): number {
    return this.#endOffset;
  }

  /** Stores a batch, unless it is the retry of one that is stored already. */
  append(batch: ProducedBatch, nowNs: number): AppendResult {
    const verdict = this.#ledger.check(batch);
    if (verdict.kind === "refused") return { ok: false, code: verdict.code };
    if (verdict.kind === "duplicate") {
      const { baseOffset, timestamp } = verdict;
      return { ok: true, baseOffset, stored: false, logAppendTime: timestamp };
    }
    const batchOffset = this.#endOffset;
    for (const record of batch.records) {
      this.#records.push({ ...record, offset: this.#endOffset++, batchOffset, appendedNs: nowNs });
      this.#bytes += record.sizeBytes;
    }
    this.#ledger.note(batch, batchOffset);
    this.retain(nowNs);
    return { ok: true, baseOffset: batchOffset, stored: true, logAppendTime: "-1" };
  }

  /**
   * The messages from an offset up to what consumers may see: whole batches until `maxBytes` is
   * reached, but always at least one batch.
   */
  read(offset: number, maxBytes: number, nowNs: number): LogRecord[] {
    const end = this.visibleEnd(nowNs);
    const found: LogRecord[] = [];
    let bytes = 0;
    for (let at = offset; at < end; at++) {
      const record = this.#records[this.#head + at - this.startOffset];
      if (record === undefined) break;
      const begins = found.length > 0 && record.batchOffset !== found.at(-1)?.batchOffset;
      if (begins && bytes + record.sizeBytes > maxBytes) break;
      bytes += record.sizeBytes;
      found.push(record);
    }
    return found;
  }

  /** Everything that is kept, seen or not. */
  kept(): readonly LogRecord[] {
    return this.#records.slice(this.#head);
  }

  /** Consumers see what is before this offset. */
  visibleEnd(nowNs: number): number {
    while (this.#hidden[0] !== undefined && this.#hidden[0].untilNs <= nowNs) this.#hidden.shift();
    return this.#hidden[0]?.offset ?? this.#endOffset;
  }

  /** Consumers do not see the messages from this offset on before that moment. */
  hide(offset: number, untilNs: number): void {
    this.#hidden.push({ offset, untilNs });
  }

  /** Consumers see everything from now on. Answers whether anything was hidden. */
  revealAll(): boolean {
    return this.#hidden.splice(0).length > 0;
  }

  /** Whether something is hidden. */
  isHiding(nowNs: number): boolean {
    return this.visibleEnd(nowNs) < this.#endOffset;
  }

  /** Drops what the retention does not keep. */
  retain(nowNs: number): void {
    const { maxMessages, maxBytes, maxAgeMs } = this.retention;
    const oldestNs = maxAgeMs === undefined ? -1 : nowNs - maxAgeMs * 1e6;
    for (;;) {
      const oldest = this.#records[this.#head];
      if (oldest === undefined) return;
      const tooMany = maxMessages !== undefined && this.#records.length - this.#head > maxMessages;
      const tooBig = maxBytes !== undefined && this.#bytes > maxBytes;
      if (!tooMany && !tooBig && oldest.appendedNs >= oldestNs) return;
      this.#dropOldest(oldest);
    }
  }

  /** Drops what is before an offset, as `kafka-delete-records` does. */
  trim(offset: number): void {
    while (this.startOffset < offset) {
      const oldest = this.#records[this.#head];
      if (oldest === undefined) return;
      this.#dropOldest(oldest);
    }
  }

  #dropOldest(oldest: LogRecord): void {
    this.#bytes -= oldest.sizeBytes;
    this.#head++;
    if (this.#head < 1024 || this.#head * 2 < this.#records.length) return;
    this.#records = this.#records.slice(this.#head);
    this.#head = 0;
  }
}
