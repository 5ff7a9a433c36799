import { expect, test } from "vitest";
import type { DrainMode } from "../../../harness/sim/scheduler.ts";
import { SimKafkaWorld } from "../../support/kafka/sim-kafka-world.ts";

/** Two members and a producer, with a killed member, a crash of the broker and a pause in the middle. */
async function hashOf(seed: number, drain: DrainMode): Promise<string> {
  using world = new SimKafkaWorld([{ name: "orders", partitions: 3 }], seed, drain);
  const members = ["a", "b"].map((name) => world.process(name));
  for (const { owner, kafka } of members) {
    const consumer = kafka.consumer({
      groupId: "group",
      sessionTimeout: 1500,
      heartbeatInterval: 300,
      maxWaitTimeInMs: 50,
    });
    await world.finish(owner, async () => {
      await consumer.connect();
      await consumer.subscribe({ topic: "orders", fromBeginning: true });
      await consumer.run({ eachMessage: async () => {} });
    });
  }
  const { owner, kafka } = world.process("shop");
  const producer = kafka.producer({ idempotent: true });
  await world.finish(owner, () => producer.connect());
  world.scheduler.schedule(300e6, "kill", () => members[0]?.die());
  world.scheduler.schedule(900e6, "pause", () => world.server.pause());
  world.scheduler.schedule(1200e6, "resume", () => world.server.resume());
  world.scheduler.schedule(2000e6, "crash", () => world.server.crash());
  world.scheduler.schedule(2300e6, "restart", () => world.server.restart());
  for (let round = 0; round < 30; round++) {
    await world
      .finish(owner, () =>
        producer.send({ topic: "orders", messages: [{ value: "v" }, { key: `${round}`, value: "v" }] }),
      )
      .catch(() => {});
    await world.run(100);
  }
  return world.scheduler.eventLogHash();
}

test("one seed gives one event log, whichever way promises are drained", async () => {
  for (const seed of [1, 2, 3]) {
    const hash = await hashOf(seed, "tick");
    expect(await hashOf(seed, "tick")).toBe(hash);
    expect(await hashOf(seed, "immediate")).toBe(hash);
  }
});

test("different seeds give different event logs", async () => {
  expect(await hashOf(1, "tick")).not.toBe(await hashOf(2, "tick"));
});
