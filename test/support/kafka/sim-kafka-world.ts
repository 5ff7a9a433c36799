import { randomStream } from "../../../harness/random/random-stream.ts";
import type { EventBroker } from "../../../harness/run/store-clients.ts";
import { createSimKafka, type SimKafkaClientOptions } from "../../../harness/sim/kafka/create-sim-kafka.ts";
import { KafkaServer } from "../../../harness/sim/kafka/kafka-server.ts";
import type { TopicDefinition } from "../../../harness/sim/kafka/topic-definition.ts";
import { Network } from "../../../harness/sim/network.ts";
import { pinGlobals } from "../../../harness/sim/pin-globals.ts";
import { type DrainMode, Scheduler } from "../../../harness/sim/scheduler.ts";
import type { Owner } from "../../../harness/sim/sim-event.ts";
import { virtualClock } from "../../../harness/sim/virtual-clock.ts";
import type { Clock } from "../../../harness/time/clock.ts";

/** A process of the simulated world with its own kafkajs client. */
export interface KafkaWorldProcess {
  readonly owner: Owner;
  readonly kafka: EventBroker;
  /** Kills it as the process model does: first its life, then its connections. */
  die(): void;
}

/** One model broker, a network, and processes that use it. Globals are pinned until it is disposed. */
export class SimKafkaWorld {
  readonly root: Owner = { name: "test", alive: true };
  readonly scheduler: Scheduler;
  readonly network: Network;
  readonly server: KafkaServer;
  readonly clock: Clock;
  readonly #seed: number;
  readonly #unpin: () => void;

  constructor(topics: readonly TopicDefinition[], seed = 1, drain: DrainMode = "tick") {
    this.#seed = seed;
    this.scheduler = new Scheduler(randomStream(seed, "ranks"), this.root, drain);
    this.clock = virtualClock(this.scheduler);
    const latency = randomStream(seed, "latency");
    this.network = new Network(this.scheduler, () => latency.integer(100_000, 500_000));
    const random = randomStream(seed, "server");
    this.server = new KafkaServer({ scheduler: this.scheduler, random, name: "bus", topics });
    this.#unpin = pinGlobals(this.scheduler, randomStream(seed, "globals"));
  }

  [Symbol.dispose](): void {
    this.#unpin();
  }

  process(name: string, client: SimKafkaClientOptions = {}): KafkaWorldProcess {
    const { scheduler, network, server, clock } = this;
    const owner: Owner = { name, alive: true };
    const random = randomStream(this.#seed, name);
    const { broker, ownerDied } = createSimKafka({
      scheduler,
      network,
      server,
      clientNode: name,
      owner,
      random,
      clock,
      client,
    });
    const die = (): void => {
      owner.alive = false;
      ownerDied();
    };
    return { owner, kafka: broker, die };
  }

  /** Runs until nothing is left to do, or for some virtual time. */
  async run(forMs: number): Promise<void> {
    const untilNs = this.scheduler.now + forMs * 1e6;
    let over = false;
    this.scheduler.schedule(forMs * 1e6, "test waits", () => {
      over = true;
    });
    await this.scheduler.drive(() => over, { events: 1e7, timeNs: untilNs });
  }

  /** Runs until it is true; throws if it is not within some virtual time. */
  async until(condition: () => boolean, withinMs = 60_000): Promise<void> {
    const timeNs = this.scheduler.now + withinMs * 1e6;
    const end = await this.scheduler.drive(condition, { events: 1e7, timeNs });
    if (end !== "done") throw new Error(`not within ${withinMs} ms of virtual time: ${condition.toString()}`);
  }

  /** Runs `start` as an event of that process until what it gives has settled, and answers it. */
  async finish<Value>(owner: Owner, start: () => Promise<Value>, withinMs = 600_000): Promise<Value> {
    let work: Promise<Value> | null = null;
    let settled = false;
    const done = (): void => {
      settled = true;
    };
    this.scheduler.schedule(
      0,
      "test",
      () => {
        work = start();
        work.then(done, done);
      },
      { owner },
    );
    const timeNs = this.scheduler.now + withinMs * 1e6;
    await this.scheduler.drive(() => settled, { events: 1e7, timeNs });
    if (!settled || work === null) throw new Error("the work has not settled");
    return await work;
  }
}
