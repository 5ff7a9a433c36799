import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { injectReal } from "../../../harness/faults/inject-real.ts";
import { openStoreClients } from "../../../harness/real/clients/open-store-clients.ts";
import { throughPort } from "../../../harness/real/clients/through-port.ts";
import { startKafka } from "../../../harness/real/components/kafka.component.ts";
import { startToxiproxy } from "../../../harness/real/components/toxiproxy.component.ts";
import { EdgeNetwork } from "../../../harness/real/network/edge-network.ts";
import { FaultJournal } from "../../../harness/real/network/fault-journal.ts";
import { waitUntil } from "../../../harness/real/processes/wait-until.ts";
import { ExternalStores } from "../../../harness/real/substrate/external-stores.ts";
import { systemClock } from "../../../harness/time/system-clock.ts";
import { faultNamed } from "../../support/faults/fault-world.ts";
import { startSecondBroker } from "../../support/kafka/second-broker.ts";
import { edgePort } from "../../support/proxy/edge-port.ts";
import { componentHere, openRealSite } from "../../support/real/real-site.ts";

const [kafka, toxiproxy] = await Promise.all([componentHere("kafka"), componentHere("toxiproxy")]);
const clock = systemClock();

describe.skipIf(kafka === null || toxiproxy === null)("a Kafka cluster of two brokers", () => {
  const site = openRealSite();
  const folder = mkdtempSync(join(tmpdir(), "faultline-cluster-"));
  const partitions = 6;
  const request = {
    stores: [{ kind: "kafka", name: "bus", topics: [{ name: "orders", partitions }] }],
    users: new Map(),
  } as const;
  let address: string;

  beforeAll(async () => {
    if (kafka === null) return;
    address = `127.0.0.1:${(await startKafka(kafka, site.at("kafka"))).port}`;
  });

  afterAll(async () => {
    await site[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  test("ends a run in which the second one appears: nobody is led to it", async () => {
    if (kafka === null) return;
    await using stores = await ExternalStores.open({ kafka: address }, request, "unused", site.at("stores"));
    await startSecondBroker(kafka, { site: site.at("kafka"), address }, site.at("kafka-2"));
    await using clients = await openStoreClients(new Map([["bus", stores.address("bus")]]), "harness");
    const admin = clients.clients.kafka("bus").admin();
    await expect(admin.connect().then(() => admin.fetchTopicOffsets("orders"))).rejects.toThrow();
    await admin.disconnect();
    expect(stores.trouble()).toMatchObject({
      code: "kafka-unknown-broker",
      message: expect.stringContaining("the broker 2 at 127.0.0.1:"),
    });
  });

  test("has an edge to each, and a partition cuts off both", async () => {
    if (toxiproxy === null) return;
    await using proxies = await startToxiproxy(toxiproxy, site.at("toxiproxy"));
    await using stores = await ExternalStores.open({ kafka: address }, request, "unused", site.at("stores"));
    const journal = new FaultJournal(join(folder, "faults.ndjson"), () => 0);
    const network = new EdgeNetwork({ toxiproxyUrl: proxies.url, journal: journal.undo, sleep: clock.sleep });
    await using _network = { [Symbol.asyncDispose]: () => network.close() };
    const ports: number[] = [];
    for (const { upstreamPort, opened, ...how } of stores.edges("bus")) {
      const edge = await network.open("shop", "bus", upstreamPort, how);
      opened?.(edge.listenPort);
      ports.push(edge.listenPort);
    }
    expect(ports).toHaveLength(2);
    const way = throughPort(stores.address("bus"), ports[0] ?? 0);
    await using shop = await openStoreClients(new Map([["bus", way]]), "shop");
    const producer = shop.clients.kafka("bus").producer({ retry: { retries: 0 } });
    const times = { sessionTimeout: 1500, heartbeatInterval: 300, maxWaitTimeInMs: 50 };
    const consumer = shop.clients.kafka("bus").consumer({ groupId: "shippers", ...times });
    await producer.connect();
    await consumer.connect();
    await consumer.subscribe({ topics: ["orders"], fromBeginning: true });
    const got = new Set<number>();
    await consumer.run({ eachMessage: async ({ partition }) => void got.add(partition) });
    const send = async (partition: number) =>
      await producer.send({ topic: "orders", messages: [{ partition, value: "x" }] });
    for (let partition = 0; partition < partitions; partition++) await send(partition);
    await waitUntil(() => got.size === partitions, { clock, timeoutMs: 15_000, what: "all partitions" });
    // Each broker leads some of the partitions, and was reached over its own edge.
    const carried = network.edges("shop", "bus").map((edge) => edge.traffic().piecesUp);
    expect(carried.filter((pieces) => pieces > 5)).toHaveLength(2);

    const cut = await injectReal(
      { id: 0, fault: faultNamed("link-partition"), params: { a: "shop", b: "bus", direction: "both" } },
      edgePort(network, journal.undo),
      journal,
    );
    let sent = 0;
    const all = Array.from({ length: partitions }, (_, partition) =>
      send(partition).then(
        () => sent++,
        () => {},
      ),
    );
    await sleep(800);
    expect([sent, stores.trouble()]).toEqual([0, null]);
    await cut.heal();
    await Promise.all(all);
    await consumer.disconnect();
    await producer.disconnect();
  });
});
