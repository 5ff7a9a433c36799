import { Kafka, logLevel } from "kafkajs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EdgeNetwork } from "../../../harness/real/network/edge-network.ts";
import { waitUntil } from "../../../harness/real/processes/wait-until.ts";
import type { UnaskedDeath } from "../../../harness/real/substrate/substrate.ts";
import { systemClock } from "../../../harness/time/system-clock.ts";
import { containersWith, endContainer } from "../../support/real/containers-with.ts";
import { dockerHere } from "../../support/real/docker-here.ts";
import { type OpenDocker, openDocker } from "../../support/real/open-docker.ts";

const clock = systemClock();
const { images, kinds } = await dockerHere();
const TOPIC = "orders";
describe.skipIf(!kinds.has("toxiproxy") || !kinds.has("kafka"))("Kafka in a container", () => {
  let open: OpenDocker;
  let kafka: Kafka;

  beforeAll(async () => {
    const bus = { kind: "kafka", name: "bus", topics: [{ name: TOPIC, partitions: 2 }] } as const;
    open = await openDocker(
      images,
      { stores: [bus], users: new Map([["bus", ["order", "billing"]]]) },
      process.pid + 1,
    );
    const { host } = new URL(open.stores.address("bus").url);
    kafka = new Kafka({ brokers: [host], logLevel: logLevel.NOTHING, retry: { retries: 8 } });
  });

  afterAll(async () => {
    await open?.[Symbol.asyncDispose]();
    if (open !== undefined) expect(await containersWith(open.label)).toEqual([]);
  });

  async function send(...values: readonly string[]): Promise<void> {
    const producer = kafka.producer();
    await producer.connect();
    for (const value of values) {
      await producer.send({ topic: TOPIC, acks: -1, messages: [{ key: "one", value }] });
    }
    await producer.disconnect();
  }

  /** How many messages the topic has, over all of its partitions. */
  async function stored(): Promise<number> {
    const admin = kafka.admin();
    await admin.connect();
    const offsets = await admin.fetchTopicOffsets(TOPIC);
    await admin.disconnect();
    return offsets.reduce((sum, { high }) => sum + Number(high), 0);
  }

  test("is called what it is, and leads each client to its own edge", async () => {
    expect(open.substrate.components).toContain(`Kafka (container of ${images.kafka})`);
    expect(open.substrate.capabilities["kafka-admin"]).toBe(true);
    const ways = ["order", "billing"].flatMap((client) => open.stores.edges("bus", client));
    expect(new Set(ways.flatMap(({ upstreamPort, listenPort }) => [upstreamPort, listenPort])).size).toBe(4);
    const network = new EdgeNetwork({
      toxiproxyUrl: open.substrate.toxiproxyUrl,
      journal: () => () => {},
      sleep: clock.sleep,
    });
    for (const { upstreamPort, listenPort = 0 } of ways) {
      const edge = await network.open("order", "bus", upstreamPort, { listenPort });
      const brokers = [`127.0.0.1:${listenPort}`];
      const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin();
      await admin.connect();
      const cluster = await admin.describeCluster();
      expect(cluster.brokers).toEqual([{ nodeId: 1, host: "127.0.0.1", port: listenPort }]);
      expect((await edge.bytes()).down).toBeGreaterThan(0);
      await admin.disconnect();
    }
    await network.close();
  });

  test("keeps what it acknowledged when it is killed, paused, killed while paused, and stopped in order", async () => {
    const server = open.stores.process("bus");
    await send("a", "b", "c");
    await server.kill();
    expect(server.isUp()).toBe(false);
    await server.start();
    expect(await stored()).toBe(3);
    await server.pause();
    let over = false;
    const sent = send("d").then(() => {
      over = true;
    });
    await clock.sleep(500);
    expect([server.isUp(), over]).toEqual([true, false]);
    await server.resume();
    await sent;
    await server.pause();
    await server.kill();
    await server.start();
    await server.stopGracefully();
    await server.start();
    expect(await stored()).toBe(4);
    expect(open.substrate.unaskedDeath()).toBeNull();
  });

  test("that ends for a reason of its own is told of with its log, and serves the next run", async () => {
    const [container] = (await containersWith(open.label)).filter(({ command }) =>
      command.includes("kafka.Kafka"),
    );
    await endContainer(container?.id ?? "");
    let death: UnaskedDeath | null = null;
    await waitUntil(
      () => {
        death ??= open.substrate.unaskedDeath();
        return death !== null;
      },
      { clock, timeoutMs: 10_000, what: "the death" },
    );
    expect(death).toMatchObject({ name: "kafka", why: expect.stringMatching(/code 137.*kafka\.log/s) });
    const topics = [{ name: "others", partitions: 1 }];
    await using next = await open.substrate.provision({
      stores: [{ kind: "kafka", name: "bus", topics }],
      users: new Map(),
    });
    const admin = kafka.admin();
    await admin.connect();
    expect((await admin.listTopics()).filter((name) => !name.startsWith("__"))).toEqual(["others"]);
    await admin.disconnect();
    expect(next.process("bus").isUp()).toBe(true);
  });
});
