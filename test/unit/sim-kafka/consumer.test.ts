import type { ConsumerConfig, EachMessagePayload } from "kafkajs";
import { describe, expect, test } from "vitest";
import type { EventConsumer } from "../../../harness/run/store-clients.ts";
import { type KafkaWorldProcess, SimKafkaWorld } from "../../support/kafka/sim-kafka-world.ts";

const fast: Omit<ConsumerConfig, "groupId"> = {
  sessionTimeout: 1500,
  heartbeatInterval: 300,
  rebalanceTimeout: 3000,
  maxWaitTimeInMs: 50,
};

interface Member {
  readonly process: KafkaWorldProcess;
  readonly consumer: EventConsumer;
  readonly got: string[];
}

async function member(
  world: SimKafkaWorld,
  name: string,
  handle: (payload: EachMessagePayload) => Promise<void> = async () => {},
  autoCommit = true,
): Promise<Member> {
  const process = world.process(name);
  const consumer = process.kafka.consumer({ ...fast, groupId: "group" });
  const got: string[] = [];
  await world.finish(process.owner, async () => {
    await consumer.connect();
    await consumer.subscribe({ topic: "orders", fromBeginning: true });
    await consumer.run({
      autoCommit,
      eachMessage: async (payload) => {
        got.push(`${payload.partition}/${payload.message.offset}`);
        await handle(payload);
      },
    });
  });
  return { process, consumer, got };
}

async function send(world: SimKafkaWorld, ...partitions: number[]): Promise<void> {
  const { owner, kafka } = world.process("shop");
  const producer = kafka.producer();
  await world.finish(owner, async () => {
    await producer.connect();
    const messages = partitions.map((partition) => ({ value: "v", partition }));
    await producer.send({ topic: "orders", messages });
    await producer.disconnect();
  });
}

const topic = (partitions: number, retention = {}) => [{ name: "orders", partitions, retention }];

describe("a group", () => {
  test("takes over from a member that was killed when its session is over", async () => {
    using world = new SimKafkaWorld(topic(2));
    const first = await member(world, "a");
    const second = await member(world, "b");
    await world.run(1000);
    first.process.die();
    await send(world, 0, 1);
    await world.run(600);
    expect(second.got).toHaveLength(1);
    await world.run(2500);
    expect(second.got.toSorted()).toEqual(["0/0", "1/0"]);
  });

  test("takes over at once from a member that leaves", async () => {
    using world = new SimKafkaWorld(topic(2));
    const first = await member(world, "a");
    const second = await member(world, "b");
    await world.run(1000);
    await world.finish(first.process.owner, () => first.consumer.disconnect());
    await send(world, 0, 1);
    await world.run(700);
    expect(second.got.toSorted()).toEqual(["0/0", "1/0"]);
  });

  test("a member that a partition cut off loses its partitions; what it handled late comes twice", async () => {
    using world = new SimKafkaWorld(topic(1));
    let slow: (() => void) | null = null;
    const first = await member(world, "a", async () => {
      await new Promise<void>((resolve) => {
        slow = resolve;
      });
    });
    await send(world, 0);
    await world.until(() => slow !== null);
    const heal = world.network.intercept("a", "bus", () => "hold");
    const second = await member(world, "b");
    await world.run(6000);
    expect(first.got).toEqual(["0/0"]);
    expect(second.got).toEqual(["0/0"]);
    heal();
  });

  test("delivers again what a killed member had handled and not committed", async () => {
    using world = new SimKafkaWorld(topic(1));
    const first = await member(world, "a", undefined, false);
    await send(world, 0, 0);
    await world.until(() => first.got.length === 2);
    first.process.die();
    const second = await member(world, "b");
    await world.run(5000);
    expect(second.got).toEqual(["0/0", "0/1"]);
  });

  test("goes on from the committed offset after a crash of the broker", async () => {
    using world = new SimKafkaWorld(topic(1));
    const only = await member(world, "a");
    await send(world, 0, 0);
    await world.run(1000);
    world.server.crash();
    await world.run(500);
    world.server.restart();
    await world.run(3000);
    await send(world, 0);
    await world.run(3000);
    expect(only.got).toEqual(["0/0", "0/1", "0/2"]);
  });

  test("survives a pause of the broker", async () => {
    using world = new SimKafkaWorld(topic(1));
    const only = await member(world, "a");
    world.server.pause();
    await world.run(5000);
    world.server.resume();
    await send(world, 0);
    await world.run(10_000);
    expect(only.got).toContain("0/0");
  });
});

describe("a handler that throws", () => {
  test("gets the same message again, and the ones before it are not repeated", async () => {
    using world = new SimKafkaWorld(topic(1));
    let thrown = false;
    const only = await member(world, "a", async ({ message }) => {
      if (message.offset !== "1" || thrown) return;
      thrown = true;
      throw new Error("not now");
    });
    await send(world, 0, 0, 0);
    await world.run(3000);
    expect(only.got).toEqual(["0/0", "0/1", "0/1", "0/2"]);
  });

  test("stops only its own partition while it has paused it", async () => {
    using world = new SimKafkaWorld(topic(2));
    let resume: (() => void) | null = null;
    const only = await member(world, "a", async ({ partition, message, pause }) => {
      if (partition === 0 && message.offset === "0" && resume === null) resume = pause();
    });
    await send(world, 0, 0, 1);
    await world.run(1000);
    await send(world, 1);
    await world.run(1000);
    expect(only.got.toSorted()).toEqual(["0/0", "1/0", "1/1"]);
    await world.finish(only.process.owner, async () => resume?.());
    await world.run(1000);
    expect(only.got.toSorted()).toEqual(["0/0", "0/1", "1/0", "1/1"]);
  });
});

describe("retention", () => {
  test("by count, by bytes and by age", async () => {
    for (const retention of [{ maxMessages: 2 }, { maxBytes: 16 }]) {
      using world = new SimKafkaWorld(topic(1, retention));
      await send(world, 0, 0, 0);
      expect(world.server.storedRecords("orders", 0).map(({ offset }) => offset)).toEqual([1, 2]);
    }
    using world = new SimKafkaWorld(topic(1, { maxAgeMs: 1000 }));
    await send(world, 0);
    await world.run(2000);
    await send(world, 0);
    expect(world.server.storedRecords("orders", 0).map(({ offset }) => offset)).toEqual([1]);
  });

  test("a consumer whose next message is gone goes on with the oldest one", async () => {
    using world = new SimKafkaWorld(topic(1));
    await send(world, 0);
    const first = await member(world, "a");
    await world.run(1000);
    await world.finish(first.process.owner, () => first.consumer.disconnect());
    await send(world, 0, 0, 0);
    expect(world.server.deleteRecords("orders", 0, 9)).toBe(false);
    expect(world.server.deleteRecords("orders", 0, 3)).toBe(true);
    const second = await member(world, "b");
    await world.run(1000);
    expect(second.got).toEqual(["0/3"]);
  });
});

test("messages arrive as kafkajs gives them", async () => {
  using world = new SimKafkaWorld(topic(1));
  const messages: unknown[] = [];
  await member(world, "a", async ({ message }) => {
    messages.push(message);
  });
  const { owner, kafka } = world.process("shop");
  const producer = kafka.producer();
  await world.finish(owner, async () => {
    await producer.connect();
    await producer.send({ topic: "orders", messages: [{ key: "k", value: "v", headers: { h: "x" } }] });
    await producer.send({ topic: "orders", messages: [{ value: null }] });
  });
  await world.run(500);
  expect(messages).toMatchObject([
    { key: Buffer.from("k"), value: Buffer.from("v"), headers: { h: Buffer.from("x") }, offset: "0" },
    { key: null, value: null, headers: {}, offset: "1", timestamp: expect.stringMatching(/^17672256\d{5}$/) },
  ]);
});

test("an idle consumer costs a dozen events per second of virtual time and stays in its group", async () => {
  using world = new SimKafkaWorld(topic(3));
  await member(world, "a");
  await world.run(1000);
  let joins = 0;
  world.network.intercept("a", "bus", ({ label }) => {
    if (label === "join group") joins++;
    return null;
  });
  const before = world.scheduler.executed;
  await world.run(60_000);
  expect((world.scheduler.executed - before) / 60).toBeLessThan(12);
  expect(joins).toBe(0);
  expect(world.server.groups.find("group")?.state).toBe("stable");
});

test("a consumer stops within one wait of its fetch", async () => {
  using world = new SimKafkaWorld(topic(1));
  const only = await member(world, "a");
  await world.run(10_000);
  const before = world.scheduler.now;
  await world.finish(only.process.owner, () => only.consumer.stop());
  expect((world.scheduler.now - before) / 1e6).toBeLessThan(52);
});
