import type { EventBroker, EventConsumer, EventProducer } from "../event-broker.ts";
import type { ServiceClock } from "../service-needs.ts";
import type { BusMessage, EventBus, HandleMessage, Subscription } from "./event-bus.ts";
import { withinTime } from "./time-limit.ts";

/** What the bus needs of the world. */
export interface KafkaEventBusNeeds {
  readonly broker: EventBroker;
  readonly clock: ServiceClock;
}

const connectMsMax = 3000;
const sendMsMax = 3000;
const sendTimeoutMs = 1000;
const retry = { initialRetryTime: 50, maxRetryTime: 500, retries: 3 };
const restartPauseMs = 200;

// A member that died is replaced after the session timeout; a fetch that waits holds others up. For the
// answer to a request to join the group kafkajs waits 5 s longer than `rebalanceTimeout`: by default 65 s.
const consumerTimes = {
  sessionTimeout: 1500,
  rebalanceTimeout: 3000,
  heartbeatInterval: 300,
  maxWaitTimeInMs: 50,
};
const partitionsAtOnce = 3;

/**
 * A bus on Kafka. A topic's partition keeps the order of a key. Copies that the client's own retries
 * make are dropped by the broker (idempotent producer); copies made by whoever publishes again are not.
 */
export class KafkaEventBus implements EventBus {
  readonly #needs: KafkaEventBusNeeds;
  #producer: Promise<EventProducer> | null = null;

  constructor(needs: KafkaEventBusNeeds) {
    this.#needs = needs;
  }

  async publish(topic: string, messages: readonly BusMessage[]): Promise<void> {
    this.#producer ??= this.#connect();
    const producer = await this.#producer;
    const sent = producer.send({
      topic,
      acks: -1,
      timeout: sendTimeoutMs,
      messages: messages.map(({ key, value }) => ({ key, value })),
    });
    try {
      await withinTime(this.#needs.clock, sendMsMax, "sending to Kafka", sent);
    } catch (error) {
      // Its numbering may have a gap now, so it must not be used any more.
      this.#producer = null;
      void disconnect(producer);
      throw error;
    }
  }

  subscribe(group: string, topics: readonly string[], handle: HandleMessage): Subscription {
    const { broker, clock } = this.#needs;
    let stopped = false;
    let running: EventConsumer | null = null;
    let started: Promise<void> = Promise.resolve();
    const start = async () => {
      while (!stopped && running === null) {
        const consumer = broker.consumer({ groupId: group, ...consumerTimes, retry });
        let isOver = false;
        // After some errors, such as a connection that breaks while it looks for its coordinator, kafkajs gives
        // the consumer up and tells nobody else: `run` has resolved, and no message comes any more.
        consumer.on("consumer.crash", ({ payload: { restart } }) => {
          if (restart) return;
          isOver = true;
          if (running !== consumer) return;
          running = null;
          started = clock.sleep(restartPauseMs).then(start);
        });
        try {
          await consumer.connect();
          await consumer.subscribe({ topics: [...topics], fromBeginning: true });
          await runConsumer(consumer, handle);
          if (!isOver) running = consumer;
          else await clock.sleep(restartPauseMs);
        } catch {
          await disconnect(consumer);
          await clock.sleep(restartPauseMs);
        }
      }
    };
    started = start();
    return {
      stop: async () => {
        stopped = true;
        await started;
        if (running !== null) await disconnect(running);
      },
    };
  }

  async close(): Promise<void> {
    const producer = this.#producer;
    this.#producer = null;
    if (producer !== null) await producer.then(disconnect, () => {});
  }

  /**
   * A producer whose `connect` failed would send all the same, without being idempotent: it is thrown
   * away. `connect` itself may wait for a broker that never answers: its time is limited.
   */
  async #connect(): Promise<EventProducer> {
    const producer = this.#needs.broker.producer({ idempotent: true, maxInFlightRequests: 1, retry });
    try {
      await withinTime(this.#needs.clock, connectMsMax, "connecting to Kafka", producer.connect());
      return producer;
    } catch (error) {
      this.#producer = null;
      void disconnect(producer);
      throw error;
    }
  }
}

/**
 * kafkajs marks a message as consumed when the handler has resolved, and commits what is marked after
 * the batch (or when the handler of a later message rejects): never before the handler's transaction.
 */
async function runConsumer(consumer: EventConsumer, handle: HandleMessage): Promise<void> {
  await consumer.run({
    partitionsConsumedConcurrently: partitionsAtOnce,
    eachMessage: async ({ topic, partition, message, heartbeat }) => {
      await handle({
        topic,
        place: `${partition}:${message.offset}`,
        key: message.key?.toString() ?? "",
        value: message.value?.toString() ?? "",
        keep: heartbeat,
      });
    },
  });
}

async function disconnect(client: EventProducer | EventConsumer): Promise<void> {
  try {
    await client.disconnect();
  } catch {
    // It is of no use any more, connected or not.
  }
}
