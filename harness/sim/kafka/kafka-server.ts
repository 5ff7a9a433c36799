import type { RandomStream } from "../../random/random-stream.ts";
import type { Scheduler } from "../scheduler.ts";
import type { Owner, SimEvent } from "../sim-event.ts";
import { uuidFrom } from "../uuid-from.ts";
import { SIM_EPOCH_MS } from "../virtual-clock.ts";
import { type DeliveryFault, DeliveryFaults } from "./delivery-faults.ts";
import { FetchDesk } from "./fetch-desk.ts";
import { GroupCoordinator } from "./group-coordinator.ts";
import { KafkaSession } from "./kafka-session.ts";
import { defaultKafkaSettings, type KafkaSettings } from "./kafka-settings.ts";
import type { LogRecord } from "./log-record.ts";
import type { PartitionLog } from "./partition-log.ts";
import { ProduceDesk } from "./produce-desk.ts";
import type { TopicDefinition } from "./topic-definition.ts";
import { Topics } from "./topics.ts";

/** What a server is made of. */
export interface KafkaServerOptions {
  readonly scheduler: Scheduler;
  /** Draws the ids of group members. */
  readonly random: RandomStream;
  /** Its node in the network. */
  readonly name: string;
  /** The topics that are there from the start. */
  readonly topics: readonly TopicDefinition[];
  readonly settings?: Partial<KafkaSettings>;
}

/**
 * A model of one Kafka broker: topics with partitions, idempotent producers, consumer groups,
 * retention. What it claims, and how that is proved against the real one: docs/kafka-model.md.
 */
export class KafkaServer {
  readonly scheduler: Scheduler;
  readonly name: string;
  /** Calls that the model refused: a run that has any is a harness error, not a finding. */
  readonly refusals: Error[] = [];
  readonly topics: Topics;
  /** Consumer groups and their offsets. */
  readonly groups: GroupCoordinator;
  /** Takes messages in. */
  readonly produceDesk: ProduceDesk;
  /** Hands messages out. */
  readonly fetchDesk: FetchDesk;
  /** The machine: receives messages also while the server is down. */
  readonly machine: Owner;
  /** The running server; a new one after every restart. */
  life: Owner;
  readonly #faults: DeliveryFaults;
  readonly #sessions = new Set<KafkaSession>();
  /** What has come up while it is paused; null while it runs. */
  #deferred: (() => void)[] | null = null;
  #lastProducerId = -1;

  constructor({ scheduler, random, name, topics, settings }: KafkaServerOptions) {
    this.scheduler = scheduler;
    this.name = name;
    this.machine = { name, alive: true };
    this.life = { name, alive: true };
    this.topics = new Topics(topics);
    const merged = { ...defaultKafkaSettings, ...settings };
    const host = this.#host(random);
    this.#faults = new DeliveryFaults(host);
    this.groups = new GroupCoordinator(host, this.topics, merged);
    this.fetchDesk = new FetchDesk(host, this.topics, this.#faults);
    this.produceDesk = new ProduceDesk({
      topics: this.topics,
      settings: merged,
      now: () => ({ ns: scheduler.now, ms: SIM_EPOCH_MS + Math.floor(scheduler.now / 1e6) }),
      stored: (log, baseOffset, count) => {
        this.#faults.stored(log, baseOffset, count);
        this.fetchDesk.wake(log);
      },
    });
  }

  /** Whether it accepts connections; a paused one does. */
  get up(): boolean {
    return this.life.alive;
  }

  /** Whether it is stopped by {@link pause}. */
  get paused(): boolean {
    return this.#deferred !== null;
  }

  /** How many messages and timers wait for the paused process. */
  get waitingEvents(): number {
    return this.#deferred?.length ?? 0;
  }

  /** Opens a session, or null while the server is down. */
  connect(): KafkaSession | null {
    if (!this.up) return null;
    const session = new KafkaSession();
    this.#sessions.add(session);
    return session;
  }

  /** Used by clients: a connection is over. */
  forget(session: KafkaSession): void {
    if (this.#sessions.delete(session)) session.close();
  }

  /** Used by clients: something has arrived at the server; it looks at it as soon as it is not paused. */
  arrive(work: () => void): void {
    if (this.#deferred === null) work();
    else this.#deferred.push(work);
  }

  /** A producer id that nobody has had before. */
  newProducerId(): number {
    return ++this.#lastProducerId;
  }

  /**
   * The server dies at once. Clients learn of it by their closed connections. What was stored stays,
   * and so do offsets and the last complete generation of each group. Harmless when it is down already.
   */
  crash(): void {
    if (!this.up) return;
    this.life.alive = false;
    this.#deferred = null;
    this.fetchDesk.crash();
    this.groups.crash();
    const sessions = [...this.#sessions];
    this.#sessions.clear();
    for (const session of sessions) {
      const { onLost } = session;
      session.close();
      onLost?.();
    }
  }

  /** Accepts connections again. Harmless when it is up already. */
  restart(): void {
    if (this.up) return;
    this.life = { name: this.name, alive: true };
    this.groups.restart();
  }

  /** As SIGSTOP: connections are accepted and requests taken in, but nothing is answered. */
  pause(): void {
    if (this.up) this.#deferred ??= [];
  }

  /** As SIGCONT: goes on with what has come in and with the timers that ran out, in that order of time. */
  resume(): void {
    const deferred = this.#deferred;
    this.#deferred = null;
    for (const work of deferred ?? []) work();
  }

  /**
   * The next `count` messages of the topic that consumers fetch are delivered once more: an answer is
   * cut after them, and when the same connection asks for what follows, it is set back to the first of
   * them and reads on from there, as after a redelivery. Not if it asks for something else by then. A consumer
   * for which there is nothing new is set back at once, to what it was given last.
   * `bites`: messages that were delivered again.
   */
  duplicateDelivery(topic: string, count: number): DeliveryFault {
    return this.#faults.duplicate(topic, count);
  }

  /**
   * Messages that are stored from now on can be fetched `ms` later; healing shows all that still wait.
   * `bites`: messages that were delayed.
   */
  delayDelivery(topic: string, ms: number): DeliveryFault {
    return this.#faults.delay(topic, ms);
  }

  /**
   * With several partitions: `count` times a partition holds back what is stored until a message of
   * another partition of the topic has gone out, at most 50 ms; `bites`: how often one was overtaken.
   * With one partition: the next runs of at least two messages, `count` messages in all, are delivered
   * twice, so that earlier ones come after later ones; `bites`: messages that did.
   */
  reorderDelivery(topic: string, count: number): DeliveryFault {
    return this.#faults.reorder(topic, count);
  }

  /**
   * Drops the messages of a partition before an offset, as `kafka-delete-records` does. False, and nothing
   * dropped, where there is no such offset yet.
   */
  deleteRecords(topic: string, partition: number, beforeOffset: number): boolean {
    const log = this.topics.find(topic, partition);
    if (log === null || beforeOffset > log.endOffset) return false;
    log.trim(beforeOffset);
    return true;
  }

  /** The messages that a partition keeps. For tests and checks. */
  storedRecords(topic: string, partition: number): readonly LogRecord[] {
    return this.topics.find(topic, partition)?.kept() ?? [];
  }

  #host(random: RandomStream) {
    const { scheduler } = this;
    const after = (delayNs: number, label: string, run: () => void): SimEvent =>
      scheduler.schedule(delayNs, label, () => this.arrive(run), {
        owner: this.life,
        cause: -1,
        internal: true,
      });
    return {
      get nowNs() {
        return scheduler.now;
      },
      after,
      cancel: (event: SimEvent) => scheduler.cancel(event),
      newMemberId: (clientId: string) => `${clientId}-${uuidFrom(random)}`,
      partitions: (topic: string) => this.topics.partitions(topic),
      wake: (log: PartitionLog, atNs: number) => {
        after(atNs - scheduler.now, "messages show", () => this.fetchDesk.wake(log));
      },
      beat: (member: { groupId: string; memberId: string; generationId: number }) =>
        this.groups.heartbeat(member) === 0,
    };
  }
}
