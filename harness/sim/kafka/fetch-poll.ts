import type { Scheduler } from "../scheduler.ts";
import type { Owner } from "../sim-event.ts";
import type { FetchPartition, FetchResult } from "./fetch-request.ts";
import type { KafkaAnswer } from "./kafka-answer.ts";
import type { KafkaServer } from "./kafka-server.ts";
import type { SimKafkaConnection } from "./sim-kafka-connection.ts";

/** A member's heartbeats, as far as its consumer knows. */
export interface Heartbeats {
  readonly groupId: string;
  readonly memberId: string;
  readonly generationId: number;
  readonly intervalMs: number;
  /** When the coordinator last heard of the member, in virtual nanoseconds. */
  lastNs: number;
}

/** What a poll asks for. */
export interface FetchPollOptions {
  readonly scheduler: Scheduler;
  readonly owner: Owner;
  readonly server: KafkaServer;
  readonly connection: SimKafkaConnection;
  readonly maxWaitMs: number;
  readonly maxBytes: number;
  readonly partitions: readonly FetchPartition[];
  /** Null: the consumer has not joined a group. */
  readonly heartbeats: Heartbeats | null;
}

/** kafkajs gives a fetch this much more time than it may wait at the server. */
const NETWORK_DELAY_MS = 5000;

/**
 * Waits for messages. kafkajs asks again and again, every `maxWaitTimeInMs`, with a heartbeat in between
 * now and then; while nothing comes and nothing changes, all of that looks the same from outside. So one
 * request waits until the next heartbeat is due, counts as that heartbeat, and is repeated without
 * waking the consumer up: three events per heartbeat interval.
 */
export class FetchPoll {
  readonly #options: FetchPollOptions;
  readonly #startedNs: number;
  readonly #resolve: (answer: KafkaAnswer<FetchResult>) => void;
  readonly #reject: (error: Error) => void;
  #forgetRequest: () => void = () => {};
  #ending = false;
  #over = false;

  constructor(
    options: FetchPollOptions,
    resolve: (answer: KafkaAnswer<FetchResult>) => void,
    reject: (error: Error) => void,
  ) {
    this.#options = options;
    this.#startedNs = options.scheduler.now;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#ask();
  }

  /** Something changed at the consumer: kafkajs would notice when the wait that it is in is over. */
  poke(): void {
    if (this.#over || this.#ending) return;
    this.#ending = true;
    const { scheduler, owner, maxWaitMs } = this.#options;
    const waitNs = maxWaitMs * 1e6;
    const sinceNs = scheduler.now - this.#startedNs;
    const leftNs = Math.max(1, Math.ceil(sinceNs / waitNs)) * waitNs - sinceNs;
    const giveUp = (): void => {
      if (this.#over) return;
      this.#forgetRequest();
      this.#end({ ok: true, value: { partitions: [], memberOk: true } });
    };
    scheduler.schedule(leftNs, "fetch wait over", giveUp, { owner });
  }

  #ask(): void {
    const { server, connection, maxBytes, partitions, heartbeats } = this.#options;
    const maxWaitMs = this.#waitMs();
    this.#forgetRequest = connection.post<FetchResult>(
      {
        label: "fetch",
        timeoutMs: maxWaitMs + NETWORK_DELAY_MS,
        serve: (session, reply) => {
          const request = { maxWaitMs, maxBytes, partitions, member: heartbeats };
          server.fetchDesk.fetch(session, request, reply);
        },
      },
      (answer) => this.#answered(answer),
      (error) => {
        this.#over = true;
        this.#reject(error);
      },
    );
  }

  /** Until the heartbeat is due, in whole waits. */
  #waitMs(): number {
    const { scheduler, maxWaitMs, heartbeats } = this.#options;
    if (heartbeats === null || maxWaitMs <= 0) return maxWaitMs;
    const dueMs = (heartbeats.lastNs - scheduler.now) / 1e6 + heartbeats.intervalMs;
    return Math.max(1, Math.ceil(dueMs / maxWaitMs)) * maxWaitMs;
  }

  #answered(answer: KafkaAnswer<FetchResult>): void {
    if (this.#over) return;
    const { heartbeats, scheduler } = this.#options;
    if (heartbeats !== null && answer.ok && answer.value.memberOk) {
      heartbeats.lastNs = scheduler.now;
      if (answer.quiet === true) {
        if (!this.#ending) this.#ask();
        return;
      }
    }
    this.#end(answer);
  }

  #end(answer: KafkaAnswer<FetchResult>): void {
    this.#over = true;
    this.#resolve(answer);
  }
}
