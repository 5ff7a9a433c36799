import { createRequire } from "node:module";
import { Partitioners, type ProducerConfig } from "kafkajs";
import { describe, expect, test } from "vitest";
import { loadKafkajs } from "../../../harness/sim/kafka/kafkajs-internals.ts";
import { SimKafkaWorld } from "../../support/kafka/sim-kafka-world.ts";

type World = SimKafkaWorld;
const kafkaOf = (world: World) => world.process("shop").kafka;

/** A call of what the model lacks, and a part of the message that it is refused with. */
const refused: readonly [name: string, call: (world: World) => unknown, says: string][] = [
  ["a transactional producer", (w) => kafkaOf(w).producer({ transactionalId: "t" }), "transactionalId"],
  [
    "a partitioner of one's own",
    (w) => kafkaOf(w).producer({ createPartitioner: Partitioners.LegacyPartitioner }),
    "createPartitioner",
  ],
  [
    "an option that kafkajs does not have",
    (w) => kafkaOf(w).producer({ linger: 5 } as ProducerConfig),
    "linger",
  ],
  [
    "an assigner of one's own",
    (w) => kafkaOf(w).consumer({ groupId: "g", partitionAssigners: [] }),
    "partitionAssigners",
  ],
  ["a rack", (w) => kafkaOf(w).consumer({ groupId: "g", rackId: "r1" }), "rackId = r1"],
  [
    "compression",
    (w) =>
      kafkaOf(w)
        .producer()
        .send({ topic: "t", compression: 1, messages: [{ value: "v" }] }),
    "compression = 1",
  ],
  [
    "headers that are arrays",
    (w) =>
      kafkaOf(w)
        .producer()
        .send({ topic: "t", messages: [{ value: "v", headers: { h: ["a"] } }] }),
    "headers",
  ],
  [
    "a number as value",
    (w) =>
      kafkaOf(w)
        .producer()
        .send({ topic: "t", messages: [{ value: 1 as unknown as string }] }),
    "value = 1",
  ],
  [
    "topics by a regular expression",
    (w) =>
      kafkaOf(w)
        .consumer({ groupId: "g" })
        .subscribe({ topics: [/t/] }),
    "topics",
  ],
  [
    "settings of a topic",
    (w) =>
      kafkaOf(w)
        .admin()
        .createTopics({
          topics: [{ topic: "t", configEntries: [{ name: "cleanup.policy", value: "compact" }] }],
        }),
    "cleanup.policy",
  ],
  [
    "offsets that are resolved",
    (w) => kafkaOf(w).admin().fetchOffsets({ groupId: "g", resolveOffsets: true }),
    "resolveOffsets",
  ],
  [
    "instrumentation events",
    (w) => (kafkaOf(w).producer() as unknown as { on(name: string): void }).on("connect"),
    "producer.on",
  ],
  [
    "another call of the admin client",
    (w) => (kafkaOf(w).admin() as unknown as { deleteTopics(): void }).deleteTopics(),
    "admin.deleteTopics",
  ],
];

describe("refused by name, and remembered", () => {
  for (const [name, call, says] of refused) {
    test(name, async () => {
      using world = new SimKafkaWorld([]);
      const attempt = async () => await call(world);
      await expect(attempt()).rejects.toMatchObject({
        name: "UnsupportedByKafkaModelError",
        message: expect.stringContaining(says),
      });
      expect(world.server.refusals.map(({ message }) => message)).toEqual([expect.stringContaining(says)]);
    });
  }
});

test("clients are refused while the globals run on real time", () => {
  const world = new SimKafkaWorld([]);
  const { kafka } = world.process("shop");
  world[Symbol.dispose]();
  expect(() => kafka.producer()).toThrow(expect.objectContaining({ code: "globals-not-pinned" }));
});

test("kafkajs is the version that the model was proved with, and has the parts that it uses", () => {
  const { version } = createRequire(import.meta.url)("kafkajs/package.json");
  expect(version).toBe("2.2.4");
  for (const [name, part] of Object.entries(loadKafkajs())) expect(part, name).toBeDefined();
});
