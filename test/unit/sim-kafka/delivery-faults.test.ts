import { describe, expect, test } from "vitest";
import { SimKafkaWorld } from "../../support/kafka/sim-kafka-world.ts";

async function consume(world: SimKafkaWorld): Promise<string[]> {
  const { owner, kafka } = world.process("mail");
  const consumer = kafka.consumer({ groupId: "mail", heartbeatInterval: 300, maxWaitTimeInMs: 50 });
  const got: string[] = [];
  await world.finish(owner, async () => {
    await consumer.connect();
    await consumer.subscribe({ topic: "orders", fromBeginning: true });
    await consumer.run({
      eachMessage: async ({ message }) => {
        got.push(String(message.value));
      },
    });
  });
  return got;
}

async function send(world: SimKafkaWorld, ...values: [partition: number, value: string][]): Promise<void> {
  const { owner, kafka } = world.process("shop");
  const producer = kafka.producer();
  await world.finish(owner, async () => {
    await producer.connect();
    for (const [partition, value] of values) {
      await producer.send({ topic: "orders", messages: [{ partition, value }] });
    }
    await producer.disconnect();
  });
}

describe("duplicate delivery", () => {
  test("delivers the next messages once more, and then goes on", async () => {
    using world = new SimKafkaWorld([{ name: "orders", partitions: 1 }]);
    const fault = world.server.duplicateDelivery("orders", 2);
    await send(world, [0, "a"], [0, "b"], [0, "c"]);
    const got = await consume(world);
    await world.run(1000);
    expect(got).toEqual(["a", "b", "a", "b", "c"]);
    expect(fault.bites()).toBe(2);
  });

  test("sets a consumer back that has nothing new to read", async () => {
    using world = new SimKafkaWorld([{ name: "orders", partitions: 1 }]);
    const got = await consume(world);
    await send(world, [0, "a"], [0, "b"], [0, "c"]);
    await world.run(1000);
    expect(got).toEqual(["a", "b", "c"]);
    const fault = world.server.duplicateDelivery("orders", 2);
    await world.run(1000);
    expect(got).toEqual(["a", "b", "c", "b", "c"]);
    expect(fault.bites()).toBe(2);
  });

  test("does nothing to other topics, nor after it is healed", async () => {
    using world = new SimKafkaWorld([{ name: "orders", partitions: 1 }]);
    const other = world.server.duplicateDelivery("payments", 2);
    const healed = world.server.duplicateDelivery("orders", 2);
    healed[Symbol.dispose]();
    healed[Symbol.dispose]();
    const got = await consume(world);
    await send(world, [0, "a"]);
    await world.run(1000);
    expect(got).toEqual(["a"]);
    expect([other.bites(), healed.bites()]).toEqual([0, 0]);
  });
});

describe("delayed delivery", () => {
  test("shows messages later", async () => {
    using world = new SimKafkaWorld([{ name: "orders", partitions: 1 }]);
    const got = await consume(world);
    const fault = world.server.delayDelivery("orders", 500);
    await send(world, [0, "a"]);
    await world.run(400);
    expect(got).toEqual([]);
    await world.run(200);
    expect(got).toEqual(["a"]);
    expect(fault.bites()).toBe(1);
  });

  test("shows everything when it is healed", async () => {
    using world = new SimKafkaWorld([{ name: "orders", partitions: 1 }]);
    const got = await consume(world);
    const fault = world.server.delayDelivery("orders", 60_000);
    await send(world, [0, "a"], [0, "b"]);
    fault[Symbol.dispose]();
    await world.run(100);
    expect(got).toEqual(["a", "b"]);
  });
});

describe("reordered delivery", () => {
  test("lets a message of another partition overtake", async () => {
    using world = new SimKafkaWorld([{ name: "orders", partitions: 2 }]);
    const got = await consume(world);
    await world.run(200);
    const fault = world.server.reorderDelivery("orders", 1);
    await send(world, [0, "a"], [1, "b"]);
    await world.run(300);
    expect(got).toEqual(["b", "a"]);
    expect(fault.bites()).toBe(1);
  });

  test("gives up waiting for one to overtake", async () => {
    using world = new SimKafkaWorld([{ name: "orders", partitions: 2 }]);
    const got = await consume(world);
    const fault = world.server.reorderDelivery("orders", 1);
    await send(world, [0, "a"]);
    await world.run(300);
    expect(got).toEqual(["a"]);
    expect(fault.bites()).toBe(0);
  });

  test("with one partition, an earlier message comes again after a later one", async () => {
    using world = new SimKafkaWorld([{ name: "orders", partitions: 1 }]);
    await send(world, [0, "a"], [0, "b"]);
    const fault = world.server.reorderDelivery("orders", 2);
    const got = await consume(world);
    await world.run(1000);
    expect(got).toEqual(["a", "b", "a", "b"]);
    expect(fault.bites()).toBe(1);
  });
});
