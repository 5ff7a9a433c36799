import { createRequire } from "node:module";
import { describe, expect, test } from "vitest";
import { randomStream } from "../../../harness/random/random-stream.ts";
import { murmur2 } from "../../../harness/sim/kafka/murmur2.ts";
import type { Interceptor } from "../../../harness/sim/network.ts";
import { SimKafkaWorld } from "../../support/kafka/sim-kafka-world.ts";

const retry = { initialRetryTime: 20, maxRetryTime: 100, retries: 3 };

/** Resets the connection under the first answer to a produce request. */
function loseFirstAnswer(): Interceptor {
  let lost = false;
  return (message) => {
    if (lost || message.kind !== "answer" || message.label !== "produce") return null;
    lost = true;
    return "reset";
  };
}

async function sendOne(world: SimKafkaWorld, idempotent: boolean, value = "v") {
  const { owner, kafka } = world.process("shop");
  const producer = kafka.producer({ idempotent, retry });
  await world.finish(owner, () => producer.connect());
  return await world.finish(owner, () => producer.send({ topic: "orders", messages: [{ key: "k", value }] }));
}

describe("a producer that loses an answer", () => {
  test("sends again, and the message is stored twice", async () => {
    using world = new SimKafkaWorld([{ name: "orders", partitions: 1 }]);
    world.network.intercept("bus", "shop", loseFirstAnswer());
    const [sent] = await sendOne(world, false);
    expect(sent?.baseOffset).toBe("1");
    expect(world.server.storedRecords("orders", 0).map(({ value }) => String(value))).toEqual(["v", "v"]);
  });

  test("stores it once if it is idempotent, and is told of the first time", async () => {
    using world = new SimKafkaWorld([{ name: "orders", partitions: 1 }]);
    world.network.intercept("bus", "shop", loseFirstAnswer());
    const [sent] = await sendOne(world, true);
    expect(sent?.baseOffset).toBe("0");
    expect(sent?.logAppendTime).toBe(world.server.storedRecords("orders", 0)[0]?.timestamp);
    expect(world.server.storedRecords("orders", 0)).toHaveLength(1);
  });

  test("an answer that is only dropped ends in a timeout, and the message is stored twice as well", async () => {
    using world = new SimKafkaWorld([{ name: "orders", partitions: 1 }]);
    const lose = loseFirstAnswer();
    world.network.intercept("bus", "shop", (...args) => (lose(...args) === null ? null : "drop"));
    await sendOne(world, false);
    expect(world.server.storedRecords("orders", 0)).toHaveLength(2);
  });
});

describe("a producer and its broker", () => {
  test("a broker that is down is an error after the retries, and nothing is stored", async () => {
    using world = new SimKafkaWorld([{ name: "orders", partitions: 1 }]);
    const { owner, kafka } = world.process("shop");
    const producer = kafka.producer({ retry });
    await world.finish(owner, () => producer.connect());
    world.server.crash();
    await world.run(10);
    const sent = world.finish(owner, () => producer.send({ topic: "orders", messages: [{ value: "v" }] }));
    await expect(sent).rejects.toMatchObject({
      name: "KafkaJSNonRetriableError",
      cause: { name: "KafkaJSConnectionError", code: "ECONNREFUSED" },
    });
    expect(world.server.storedRecords("orders", 0)).toHaveLength(0);
    world.server.restart();
    await world.finish(owner, () => producer.send({ topic: "orders", messages: [{ value: "v" }] }));
    expect(world.server.storedRecords("orders", 0)).toHaveLength(1);
  });

  test("what was acknowledged survives a crash of the broker", async () => {
    using world = new SimKafkaWorld([{ name: "orders", partitions: 1 }]);
    await sendOne(world, false);
    world.server.crash();
    world.server.restart();
    expect(world.server.storedRecords("orders", 0)).toHaveLength(1);
  });

  test("a paused broker accepts connections and answers when it goes on", async () => {
    using world = new SimKafkaWorld([{ name: "orders", partitions: 1 }]);
    const { owner, kafka } = world.process("shop", { requestTimeout: 60_000 });
    const producer = kafka.producer({ retry });
    await world.finish(owner, () => producer.connect());
    world.server.pause();
    let answered = false;
    const sent = world.finish(owner, async () => {
      await producer.send({ topic: "orders", messages: [{ value: "v" }] });
      answered = true;
    });
    world.scheduler.schedule(900e6, "look", () => {
      expect(answered).toBe(false);
      expect(world.server.waitingEvents).toBeGreaterThan(0);
      world.server.resume();
    });
    await sent;
    expect(world.server.storedRecords("orders", 0)).toHaveLength(1);
  });

  test("an unknown topic is an error", async () => {
    using world = new SimKafkaWorld([]);
    await expect(sendOne(world, false)).rejects.toMatchObject({
      name: "KafkaJSNumberOfRetriesExceeded",
      cause: { type: "UNKNOWN_TOPIC_OR_PARTITION" },
    });
  });

  test("a message that is too large is refused at once", async () => {
    using world = new SimKafkaWorld([{ name: "orders", partitions: 1 }]);
    const large = "x".repeat(1_100_000);
    await expect(sendOne(world, false, large)).rejects.toMatchObject({ type: "MESSAGE_TOO_LARGE" });
  });

  test("acks 0 waits for nobody", async () => {
    using world = new SimKafkaWorld([{ name: "orders", partitions: 1 }]);
    const { owner, kafka } = world.process("shop");
    const producer = kafka.producer({ retry });
    await world.finish(owner, () => producer.connect());
    world.network.intercept("shop", "bus", ({ label }) => (label === "produce" ? "drop" : null));
    const messages = [{ value: "v" }];
    await world.finish(owner, () => producer.send({ topic: "orders", acks: 0, messages }));
    expect(world.server.storedRecords("orders", 0)).toHaveLength(0);
  });
});

test("keys are hashed as kafkajs hashes them", () => {
  const theirs: (key: Buffer) => number = createRequire(import.meta.url)(
    "kafkajs/src/producer/partitioners/default/murmur2.js",
  );
  const random = randomStream(1, "keys");
  for (let i = 0; i < 2000; i++) {
    const key = Buffer.from(Array.from({ length: i % 40 }, () => random.integer(0, 255)));
    expect(murmur2(key)).toBe(theirs(key));
  }
});
