import { connect } from "node:net";
import type { Admin } from "kafkajs";
import { FaultlineError } from "../../faultline-error.ts";
import type { RealKafka } from "../../faults/real-fault-port.ts";
import type { KafkaStore } from "../../run/system.ts";
import type { Clock } from "../../time/clock.ts";
import { EdgeTap } from "../network/edge-tap.ts";
import type { KafkaBroker } from "../network/kafka-answers.ts";
import { type KafkaView, kafkaReader } from "../network/kafka-reader.ts";
import { cannotUse } from "./external-server.ts";
import { withKafkaAdmin } from "./kafka-admin.ts";
import { kafkaAdministrator } from "./kafka-administrator.ts";
import { createTopics, untilUsable } from "./kafka-topics.ts";
import type { MadeThings, NoteChange } from "./made-things.ts";
import type { StoreEdge } from "./substrate.ts";

/** So long does it take at most until every broker knows that a topic is gone. */
const TOPICS_GONE_MS = 2000;
const LOOK_MS = 100;
const LOOPBACK = "127.0.0.1";

/** Where the cluster is, and what is made there. */
export interface ExternalKafkaOptions {
  /** `host:9092,host2:9092`. */
  readonly address: string;
  readonly topics: KafkaStore["topics"];
  readonly made: MadeThings;
  readonly clock: Clock;
}

/**
 * The Kafka store of a run on a cluster of somebody else: topics that were not there before, groups that had not been
 * there before either, and edges to every broker, on which clients are told of no other address. To dispose is to let no client
 * of the harness through any more; topics and groups are left to {@link MadeThings}.
 */
export class ExternalKafka implements AsyncDisposable {
  readonly kafka: RealKafka;
  readonly #brokers: readonly KafkaBroker[];
  readonly #theirGroups: ReadonlySet<string>;
  readonly #groups = new Set<string>();
  readonly #noteGroups: (groups: readonly string[]) => void;
  /** The way of the harness's own client to each broker: its groups are the run's, too. */
  readonly #taps: EdgeTap[] = [];
  #trouble: FaultlineError | null = null;

  private constructor(
    { address, clock }: ExternalKafkaOptions,
    brokers: readonly KafkaBroker[],
    theirGroups: ReadonlySet<string>,
    noteGroups: (groups: readonly string[]) => void,
  ) {
    this.#brokers = brokers;
    this.#theirGroups = theirGroups;
    this.#noteGroups = noteGroups;
    const administrator = kafkaAdministrator(address.split(","), clock);
    this.kafka = {
      rewind: async (group, topic, count) => {
        this.#own(group);
        return await administrator.rewind(group, topic, count);
      },
    };
  }

  /** Makes the topics. Throws `not-empty` where there is one of that name, `external-unreachable`. */
  static async open(options: ExternalKafkaOptions): Promise<ExternalKafka> {
    const { address, topics, made, clock } = options;
    try {
      return await withKafkaAdmin(address.split(","), async (admin) => {
        const { brokers } = await admin.describeCluster();
        const { groups } = await admin.listGroups();
        await refuseTaken(admin, topics, clock);
        const thing = { kind: "kafka", brokers: address.split(","), topics: [] as string[] } as const;
        const note = made.add({ ...thing, groups: [] });
        for (const topic of topics) await makeTopic(admin, topic, thing, note);
        const names = topics.map(({ name }) => name);
        await untilUsable(admin, names, clock);
        const kafka = new ExternalKafka(
          options,
          brokers.toSorted((a, b) => a.nodeId - b.nodeId),
          new Set(groups.map(({ groupId }) => groupId)),
          (own) => note({ ...thing, groups: own }),
        );
        await kafka.#listen(clock);
        return kafka;
      });
    } catch (error) {
      if (error instanceof FaultlineError) throw error;
      throw cannotUse("kafka", address, error);
    }
  }

  /** For the harness, past the proxies. */
  get url(): string {
    return `kafka://${LOOPBACK}:${this.#taps[0]?.port}`;
  }

  /** The first reason to take nothing from the run: a client that would have left its edges. */
  get trouble(): FaultlineError | null {
    return this.#trouble;
  }

  /** One edge to each broker. */
  edges(): readonly Required<Omit<StoreEdge, "listenPort">>[] {
    const ports = new Map<number, number>();
    const view: KafkaView = {
      lead: (broker) => {
        const port = ports.get(broker.nodeId);
        const known = this.#brokers.find(({ nodeId }) => nodeId === broker.nodeId);
        if (port === undefined || known?.host !== broker.host || known.port !== broker.port)
          throw unknownBroker(broker);
        return { host: LOOPBACK, port };
      },
      group: (id) => this.#own(id),
      broken: (error) => {
        this.#trouble ??= error;
      },
    };
    return this.#brokers.map(({ nodeId, host, port }) => ({
      upstreamHost: host,
      upstreamPort: port,
      newReader: () => kafkaReader(view),
      opened: (listenPort: number) => ports.set(nodeId, listenPort),
    }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#taps.map((tap) => tap.stop()));
  }

  async #listen(clock: Clock): Promise<void> {
    for (const { upstreamHost: host, upstreamPort: port, newReader, opened } of this.edges()) {
      const dial = () => connect({ host, port, allowHalfOpen: true, noDelay: true });
      const tap = new EdgeTap({ host: LOOPBACK, newReader, dial });
      await tap.start(0, clock.sleep);
      this.#taps.push(tap);
      opened(tap.port);
    }
  }

  /** A group that clients ask for is the run's own, unless it was there before. */
  #own(group: string): void {
    if (this.#theirGroups.has(group)) throw groupTaken(group);
    if (this.#groups.has(group)) return;
    this.#groups.add(group);
    this.#noteGroups([...this.#groups]);
  }
}

async function refuseTaken(admin: Admin, topics: KafkaStore["topics"], clock: Clock): Promise<void> {
  const endNs = clock.monotonicNs() + TOPICS_GONE_MS * 1e6;
  while (true) {
    const there = await admin.listTopics();
    const taken = topics.find(({ name }) => there.includes(name));
    if (taken === undefined) return;
    if (clock.monotonicNs() > endNs) throw topicTaken(taken.name);
    await clock.sleep(LOOK_MS);
  }
}

async function makeTopic(
  admin: Admin,
  topic: KafkaStore["topics"][number],
  thing: { readonly kind: "kafka"; readonly brokers: readonly string[]; readonly topics: string[] },
  note: NoteChange,
): Promise<void> {
  thing.topics.push(topic.name);
  note({ ...thing, groups: [] });
  if (await createTopics(admin, [topic])) return;
  // Somebody made it in this very moment: it is not ours to remove.
  thing.topics.pop();
  note({ ...thing, groups: [] });
  throw topicTaken(topic.name);
}

function topicTaken(topic: string): FaultlineError {
  return new FaultlineError(
    "harness",
    "not-empty",
    `The external Kafka has a topic "${topic}" already, which a run would use and remove.`,
    "Remove it, or name another cluster in `external.kafka`.",
  );
}

function groupTaken(group: string): FaultlineError {
  return new FaultlineError(
    "harness",
    "not-empty",
    `The external Kafka has had a consumer group "${group}" before the run, which a service asks for.`,
    "Remove it, or name another cluster in `external.kafka`.",
  );
}

function unknownBroker({ nodeId, host, port }: KafkaBroker): FaultlineError {
  return new FaultlineError(
    "harness",
    "kafka-unknown-broker",
    `A client was told of the broker ${nodeId} at ${host}:${port}, which was not there when the run began: there is no edge to it.`,
    "Do not change the cluster during a run.",
  );
}
