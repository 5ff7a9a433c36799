import type { LogRecord } from "./log-record.ts";
import type { PartitionLog } from "./partition-log.ts";

/** A fault on the delivery of messages. To dispose it is to heal; healing twice is harmless. */
export interface DeliveryFault {
  /** How many deliveries it has touched so far. */
  bites(): number;
  [Symbol.dispose](): void;
}

/** What delivery faults need of the broker. */
export interface DeliveryHost {
  readonly nowNs: number;
  /** The partitions of a topic; none where there is no such topic. */
  partitions(topic: string): readonly PartitionLog[];
  /** Looks again at who waits for messages of a partition: at once, or when that moment comes. */
  wake(log: PartitionLog, atNs: number): void;
}

interface ActiveFault {
  readonly kind: "duplicate" | "delay" | "reorder";
  readonly topic: string;
  left: number;
  readonly delayNs: number;
  bites: number;
}

/** What one consumer is given again: where it goes back to, once it asks for what follows. */
export interface Rewind {
  readonly expectedOffset: number;
  readonly toOffset: number;
  readonly fault: ActiveFault;
  readonly bites: number;
}

/** For how long `reorder` holds a message back at most. */
const OVERTAKE_MS_MAX = 50;

/** The duplicate, delayed and reordered deliveries of one broker. */
export class DeliveryFaults {
  readonly #host: DeliveryHost;
  readonly #active = new Set<ActiveFault>();
  /** Messages that `reorder` holds back until one of another partition was delivered. */
  readonly #overtakable = new Map<PartitionLog, ActiveFault>();

  constructor(host: DeliveryHost) {
    this.#host = host;
  }

  /** See `KafkaServer.duplicateDelivery`. */
  duplicate(topic: string, count: number): DeliveryFault {
    return this.#start({ kind: "duplicate", topic, left: count, delayNs: 0, bites: 0 });
  }

  /** See `KafkaServer.delayDelivery`. */
  delay(topic: string, ms: number): DeliveryFault {
    const left = Number.POSITIVE_INFINITY;
    return this.#start({ kind: "delay", topic, left, delayNs: ms * 1e6, bites: 0 });
  }

  /** See `KafkaServer.reorderDelivery`. */
  reorder(topic: string, count: number): DeliveryFault {
    return this.#start({ kind: "reorder", topic, left: count, delayNs: OVERTAKE_MS_MAX * 1e6, bites: 0 });
  }

  /** Messages were stored: those that must wait are hidden. */
  stored(log: PartitionLog, baseOffset: number, count: number): void {
    for (const fault of this.#active) {
      if (fault.topic !== log.topic || fault.kind === "duplicate" || fault.left <= 0) continue;
      const { nowNs } = this.#host;
      if (fault.kind === "reorder") {
        const others = this.#host.partitions(log.topic).length > 1;
        if (!others || log.isHiding(nowNs)) continue;
        fault.left--;
        this.#overtakable.set(log, fault);
      } else fault.bites += count;
      log.hide(baseOffset, nowNs + fault.delayNs);
      this.#host.wake(log, nowNs + fault.delayNs);
    }
  }

  /**
   * Messages are about to be delivered: answers those that really are, and whether the consumer is
   * set back to the first of them afterwards.
   */
  delivering(
    log: PartitionLog,
    records: readonly LogRecord[],
  ): { records: readonly LogRecord[]; rewind: Rewind | null } {
    if (this.#active.size === 0) return { records, rewind: null };
    this.#overtaken(log);
    for (const fault of this.#active) {
      if (fault.topic !== log.topic || fault.left <= 0 || fault.kind === "delay") continue;
      if (fault.kind === "reorder" && (records.length < 2 || this.#host.partitions(log.topic).length > 1))
        continue;
      const taken = records.slice(0, Math.max(fault.left, fault.kind === "reorder" ? 2 : 1));
      const [first] = taken;
      const last = taken.at(-1);
      if (first === undefined || last === undefined) continue;
      // Of a reordered run every message but the last one comes after a later one.
      const bites = fault.kind === "reorder" ? taken.length - 1 : taken.length;
      return {
        records: taken,
        rewind: { expectedOffset: last.offset + 1, toOffset: first.offset, fault, bites },
      };
    }
    return { records, rewind: null };
  }

  /** A consumer asks for what comes next, and there is nothing: to where it is set back, or null. */
  again(log: PartitionLog, offset: number): Rewind | null {
    for (const fault of this.#active) {
      if (fault.kind !== "duplicate" || fault.topic !== log.topic || fault.left <= 0) continue;
      const toOffset = Math.max(log.startOffset, offset - fault.left);
      if (toOffset >= offset) continue;
      return { expectedOffset: offset, toOffset, fault, bites: offset - toOffset };
    }
    return null;
  }

  /** May a consumer still be set back? Others may have been meanwhile. */
  mayGoBack({ fault }: Rewind): boolean {
    return fault.left > 0;
  }

  /** A consumer was set back. Only now it counts: one that is gone by then is never set back. */
  rewound({ fault, bites, expectedOffset, toOffset }: Rewind): void {
    fault.left -= expectedOffset - toOffset;
    fault.bites += bites;
  }

  /** A message of this partition went out: what was held back in the others has been overtaken. */
  #overtaken(delivered: PartitionLog): void {
    for (const [log, fault] of this.#overtakable) {
      if (log === delivered || log.topic !== delivered.topic) continue;
      this.#overtakable.delete(log);
      if (!log.revealAll()) continue;
      fault.bites++;
      this.#host.wake(log, this.#host.nowNs);
    }
  }

  #start(fault: ActiveFault): DeliveryFault {
    this.#active.add(fault);
    return {
      bites: () => fault.bites,
      [Symbol.dispose]: () => {
        if (!this.#active.delete(fault) || fault.kind === "duplicate") return;
        for (const log of this.#host.partitions(fault.topic)) {
          this.#overtakable.delete(log);
          if (log.revealAll()) this.#host.wake(log, this.#host.nowNs);
        }
      },
    };
  }
}
