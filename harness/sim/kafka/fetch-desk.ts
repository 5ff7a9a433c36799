import type { SimEvent } from "../sim-event.ts";
import type { DeliveryFaults } from "./delivery-faults.ts";
import type { FetchedPartition, FetchPartition, FetchRequest, FetchResult } from "./fetch-request.ts";
import { type KafkaReply, kafkaErrorCodes, kafkaFailure } from "./kafka-answer.ts";
import type { KafkaSession } from "./kafka-session.ts";
import type { PartitionLog } from "./partition-log.ts";
import type { Topics } from "./topics.ts";

/** What the desk needs of its broker. */
export interface FetchHost {
  readonly nowNs: number;
  /** Runs something later in the current life of the broker. */
  after(delayNs: number, label: string, run: () => void): SimEvent;
  cancel(event: SimEvent): void;
  /** A heartbeat: whether the member may go on as it does. */
  beat(member: NonNullable<FetchRequest["member"]>): boolean;
}

interface WaitingFetch {
  readonly session: KafkaSession;
  readonly request: FetchRequest;
  readonly reply: KafkaReply<FetchResult>;
  readonly logs: readonly PartitionLog[];
  timer: SimEvent;
}

/** Hands out messages: at once if there are any, otherwise when some come or the wait is over. */
export class FetchDesk {
  readonly #host: FetchHost;
  readonly #topics: Topics;
  readonly #faults: DeliveryFaults;
  readonly #waiting = new Map<PartitionLog, Set<WaitingFetch>>();

  constructor(host: FetchHost, topics: Topics, faults: DeliveryFaults) {
    this.#host = host;
    this.#topics = topics;
    this.#faults = faults;
  }

  /** Fetch. An offset outside of a partition, or a partition that is not there, is an error at once. */
  fetch(session: KafkaSession, request: FetchRequest, reply: KafkaReply<FetchResult>): void {
    const memberOk = request.member === null || this.#host.beat(request.member);
    const logs: PartitionLog[] = [];
    for (const { topic, partition, offset } of request.partitions) {
      const log = this.#topics.find(topic, partition);
      if (log === null) {
        reply(kafkaFailure(kafkaErrorCodes.unknownTopicOrPartition));
        return;
      }
      log.retain(this.#host.nowNs);
      if (offset < log.startOffset || offset > log.endOffset) {
        reply(kafkaFailure(kafkaErrorCodes.offsetOutOfRange, { topic, partition }));
        return;
      }
      logs.push(log);
    }
    const partitions = this.#read(session, request);
    if (partitions.length > 0 || request.maxWaitMs <= 0) {
      reply({ ok: true, value: { partitions, memberOk } });
      return;
    }
    this.#wait(session, request, reply, logs);
  }

  /** A partition has new messages, or old ones can be seen now. */
  wake(log: PartitionLog): void {
    const waiting = this.#waiting.get(log);
    if (waiting === undefined || waiting.size === 0) return;
    for (const fetch of [...waiting]) {
      const partitions = this.#read(fetch.session, fetch.request);
      if (partitions.length === 0) continue;
      this.#forget(fetch);
      const { member } = fetch.request;
      const memberOk = member === null || this.#host.beat(member);
      fetch.reply({ ok: true, value: { partitions, memberOk } });
    }
  }

  /** The broker died: nobody waits any more. */
  crash(): void {
    this.#waiting.clear();
  }

  #wait(
    session: KafkaSession,
    request: FetchRequest,
    reply: KafkaReply<FetchResult>,
    logs: readonly PartitionLog[],
  ): void {
    const timer = this.#host.after(request.maxWaitMs * 1e6, "fetch wait over", () => {
      this.#forget(fetch);
      const memberOk = request.member !== null && this.#host.beat(request.member);
      reply({ ok: true, value: { partitions: [], memberOk }, quiet: memberOk });
    });
    const fetch: WaitingFetch = { session, request, reply, logs, timer };
    for (const log of logs) {
      let waiting = this.#waiting.get(log);
      if (waiting === undefined) {
        waiting = new Set();
        this.#waiting.set(log, waiting);
      }
      waiting.add(fetch);
    }
    session.cancelFetch = () => {
      this.#forget(fetch);
      session.skip();
    };
  }

  #forget(fetch: WaitingFetch): void {
    this.#host.cancel(fetch.timer);
    for (const log of fetch.logs) this.#waiting.get(log)?.delete(fetch);
    fetch.session.cancelFetch = null;
  }

  #read(session: KafkaSession, request: FetchRequest): FetchedPartition[] {
    const found: FetchedPartition[] = [];
    let bytesLeft = request.maxBytes;
    for (const wanted of request.partitions) {
      const log = this.#topics.find(wanted.topic, wanted.partition);
      if (log === null || (bytesLeft <= 0 && found.length > 0)) continue;
      const fetched = this.#readPartition(session, log, wanted, Math.min(wanted.maxBytes, bytesLeft));
      if (fetched === null) continue;
      for (const { sizeBytes } of fetched.records) bytesLeft -= sizeBytes;
      found.push(fetched);
    }
    return found;
  }

  #readPartition(
    session: KafkaSession,
    log: PartitionLog,
    { topic, partition, offset }: FetchPartition,
    maxBytes: number,
  ): FetchedPartition | null {
    const { nowNs } = this.#host;
    const key = `${topic}/${partition}`;
    const rewind = session.rewinds.get(key);
    session.rewinds.delete(key);
    const goesBack =
      rewind?.expectedOffset === offset &&
      rewind.toOffset >= log.startOffset &&
      this.#faults.mayGoBack(rewind);
    const from = goesBack ? rewind.toOffset : offset;
    const records = log.read(from, maxBytes, nowNs);
    const common = { topic, partition, highWatermark: log.endOffset };
    if (records.length === 0) {
      // Nothing new: what was delivered before can come again.
      const again = goesBack ? null : this.#faults.again(log, offset);
      if (again === null) return null;
      const repeated = log.read(again.toOffset, maxBytes, nowNs);
      if (repeated.length === 0) return null;
      this.#faults.rewound(again);
      return { ...common, rewoundTo: again.toOffset, records: repeated };
    }
    if (goesBack) {
      this.#faults.rewound(rewind);
      return { ...common, rewoundTo: from, records };
    }
    const delivered = this.#faults.delivering(log, records);
    if (delivered.rewind !== null) session.rewinds.set(key, delivered.rewind);
    return { ...common, rewoundTo: null, records: delivered.records };
  }
}
