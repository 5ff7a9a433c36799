import { expect, test } from "vitest";
import { SimKafkaWorld } from "../../support/kafka/sim-kafka-world.ts";

// What docs/kafka-model.md says of kafkajs's habits, seen on the model.

const orders = [{ name: "orders", partitions: 1 }];
const retry = { initialRetryTime: 20, maxRetryTime: 50, retries: 1 };
const values = (world: SimKafkaWorld) =>
  world.server.storedRecords("orders", 0).map(({ value }) => String(value));

test("an idempotent producer that gave up takes the next message for the retry of the lost one", async () => {
  using world = new SimKafkaWorld(orders);
  const { owner, kafka } = world.process("shop");
  const producer = kafka.producer({ idempotent: true, retry });
  await world.finish(owner, () => producer.connect());
  const heal = world.network.intercept("bus", "shop", ({ label }) => (label === "produce" ? "reset" : null));
  const send = (value: string) =>
    world.finish(owner, () => producer.send({ topic: "orders", messages: [{ value }] }));
  await expect(send("lost")).rejects.toMatchObject({ name: "KafkaJSNumberOfRetriesExceeded" });
  heal();
  const [sent] = await send("swallowed");
  expect(sent).toMatchObject({ errorCode: 0, baseOffset: "0" });
  expect(values(world)).toEqual(["lost"]);
});

test("a message for a partition that does not exist is dropped with success", async () => {
  using world = new SimKafkaWorld(orders);
  const { owner, kafka } = world.process("shop");
  const producer = kafka.producer({ retry });
  await world.finish(owner, () => producer.connect());
  const messages = [{ value: "v", partition: 7 }];
  expect(await world.finish(owner, () => producer.send({ topic: "orders", messages }))).toEqual([]);
  expect(values(world)).toEqual([]);
});

test("connect resolves against a broker that never answers", async () => {
  using world = new SimKafkaWorld(orders);
  world.server.pause();
  const { owner, kafka } = world.process("shop");
  await world.finish(owner, () => kafka.producer({ retry }).connect());
});

test("an idempotent producer that got no id stores a retried message twice", async () => {
  using world = new SimKafkaWorld(orders);
  const { owner, kafka } = world.process("shop");
  const producer = kafka.producer({ idempotent: true, retry });
  const heal = world.network.intercept("bus", "shop", ({ label }) =>
    label === "init producer id" ? "reset" : null,
  );
  await expect(world.finish(owner, () => producer.connect())).rejects.toThrow();
  heal();
  let lost = false;
  world.network.intercept("bus", "shop", ({ label }) => {
    if (lost || label !== "produce") return null;
    lost = true;
    return "reset";
  });
  await world.finish(owner, () => producer.send({ topic: "orders", messages: [{ value: "v" }] }));
  expect(values(world)).toEqual(["v", "v"]);
});

test("with kafkajs's own intervals an idle consumer costs less than one event a second", async () => {
  using world = new SimKafkaWorld(orders);
  const { owner, kafka } = world.process("mail");
  const consumer = kafka.consumer({ groupId: "mail" });
  await world.finish(owner, async () => {
    await consumer.connect();
    await consumer.subscribe({ topic: "orders" });
    await consumer.run({ eachMessage: async () => {} });
  });
  await world.run(1000);
  const before = world.scheduler.executed;
  await world.run(100_000);
  expect((world.scheduler.executed - before) / 100).toBeLessThan(1);
});
