import { existsSync } from "node:fs";
import { Kafka, logLevel } from "kafkajs";
import { MongoClient } from "mongodb";
import { createClient } from "redis";
import { afterAll, describe, expect, test } from "vitest";
import { askPort } from "../../../harness/real/components/ask-port.ts";
import { componentKinds, type FoundComponent } from "../../../harness/real/components/component.ts";
import { startKafka } from "../../../harness/real/components/kafka.component.ts";
import { startMongodb } from "../../../harness/real/components/mongodb.component.ts";
import { startPostgres } from "../../../harness/real/components/postgres.component.ts";
import { startPostgresReplica } from "../../../harness/real/components/postgres-replica.ts";
import { runSql } from "../../../harness/real/components/postgres-sql.ts";
import { startRedis } from "../../../harness/real/components/redis.component.ts";
import type { RunningServer } from "../../../harness/real/components/running-server.ts";
import { startComponent } from "../../../harness/real/components/start-component.ts";
import { startToxiproxy } from "../../../harness/real/components/toxiproxy.component.ts";
import { waitUntil } from "../../../harness/real/processes/wait-until.ts";
import { systemClock } from "../../../harness/time/system-clock.ts";
import { componentHere, openRealSite } from "../../support/real/real-site.ts";

const clock = systemClock();
const found = await Promise.all(componentKinds.map(componentHere));
const [postgres, toxiproxy, kafka, mongodb, redis] = found;
const site = openRealSite();

afterAll(async () => {
  await site[Symbol.asyncDispose]();
});

/** Kills a server and starts it again: another process on the same port. */
async function crash(server: RunningServer): Promise<void> {
  const { pid, port } = server;
  await server.kill("SIGKILL");
  expect(server.running).toBe(false);
  expect(await askPort(port, "?", 500)).toBe("");
  await server.restart();
  expect([server.running, server.port, server.pid === pid]).toEqual([true, port, false]);
}

function here(component: FoundComponent | null | undefined): FoundComponent {
  if (component === null || component === undefined) throw new Error("skipped before");
  return component;
}

describe("all components", () => {
  test.skipIf(found.includes(null))(
    "are up in less than 15 s together, and gone when it is over",
    async () => {
      const own = openRealSite();
      const startNs = clock.monotonicNs();
      const servers = await Promise.all(
        found.map((component) =>
          startComponent(here(component), own.at(here(component).kind), own.cacheFolder),
        ),
      );
      expect((clock.monotonicNs() - startNs) / 1e6).toBeLessThan(15_000);
      expect(new Set(servers.map(({ port }) => port)).size).toBe(5);
      for (const server of servers) expect(existsSync(server.logPath)).toBe(true);
      await own[Symbol.asyncDispose]();
      expect(servers.map(({ running }) => running)).toEqual(servers.map(() => false));
      expect(existsSync(own.folder)).toBe(false);
    },
  );
});

describe.skipIf(postgres === null)("PostgreSQL", () => {
  test("keeps what it acknowledged when it is killed; a backend can be killed alone", async () => {
    const options = { cacheFolder: site.cacheFolder, databases: ["shop", 'odd "name"'] };
    await using server = await startPostgres(here(postgres), site.at("primary"), options);
    const url = server.urlOf("shop");
    await runSql(url, "CREATE TABLE kept (id int PRIMARY KEY)");
    for (let id = 1; id <= 20; id++) await runSql(url, `INSERT INTO kept VALUES (${id})`);
    await crash(server);
    expect(await runSql(url, "SELECT count(*)::int AS n FROM kept")).toEqual([{ n: 20 }]);
    const names = await runSql(url, "SELECT datname FROM pg_database ORDER BY 1");
    expect(names.map(({ datname }) => datname)).toContain('odd "name"');

    const victim = runSql(url, "SELECT pg_sleep(60)").catch((error: unknown) => error);
    let backend = 0;
    const look = async (): Promise<boolean> => {
      const rows = await runSql(url, "SELECT pid FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(60)'");
      backend = Number(rows[0]?.pid ?? 0);
      return backend > 0;
    };
    await waitUntil(look, { clock, timeoutMs: 20_000, what: "the backend" });
    expect(server.killBackend(process.pid)).toBe(false);
    expect(server.killBackend(backend)).toBe(true);
    expect(await victim).toBeInstanceOf(Error);
    const back = () =>
      runSql(url, "SELECT 1")
        .then(() => true)
        .catch(() => false);
    await waitUntil(back, { clock, timeoutMs: 20_000, what: "the recovery" });
    expect(server.running).toBe(true);
  });

  test("has a standby that follows, stands still on demand, and can be delayed", async () => {
    await using primary = await startPostgres(here(postgres), site.at("leader"), site);
    await runSql(primary.url, "CREATE TABLE seen (id int PRIMARY KEY)");
    await using replica = await startPostgresReplica(here(postgres), primary, site.at("follower"));
    const count = async () => (await runSql(replica.url, "SELECT count(*)::int AS n FROM seen"))[0]?.n;
    const shows = (n: number) =>
      waitUntil(async () => (await count()) === n, { clock, timeoutMs: 20_000, what: `${n}` });
    await runSql(primary.url, "INSERT INTO seen VALUES (1)");
    await shows(1);
    await expect(runSql(replica.url, "INSERT INTO seen VALUES (9)")).rejects.toThrow(/read-only/);

    await replica.pauseReplay();
    await runSql(primary.url, "INSERT INTO seen VALUES (2)");
    const received = async () => {
      const [at] = await runSql(primary.url, "SELECT pg_current_wal_lsn() AS lsn");
      const [row] = await runSql(replica.url, `SELECT pg_last_wal_receive_lsn() >= '${at?.lsn}' AS there`);
      return row?.there === true;
    };
    await waitUntil(received, { clock, timeoutMs: 20_000, what: "the standby to have received it" });
    expect(await count()).toBe(1);
    await replica.resumeReplay();
    await shows(2);

    await replica.delayReplay(700);
    const startNs = clock.monotonicNs();
    await runSql(primary.url, "INSERT INTO seen VALUES (3)");
    await shows(3);
    expect((clock.monotonicNs() - startNs) / 1e6).toBeGreaterThan(400);
    await replica.delayReplay(0);
    await crash(replica);
    await runSql(primary.url, "INSERT INTO seen VALUES (4)");
    await shows(4);
  });
});

describe.skipIf(redis === null)("Redis", () => {
  test("keeps what it acknowledged when it is killed", async () => {
    await using server = await startRedis(here(redis), site.at("redis"));
    const write = await createClient({ url: server.url, socket: { reconnectStrategy: false } }).connect();
    write.on("error", () => {});
    for (let i = 0; i < 200; i++) await write.set(`key-${i}`, i);
    await crash(server);
    write.destroy();
    const read = await createClient({ url: server.url })
      .on("error", () => {})
      .connect();
    expect(await read.dbSize()).toBe(200);
    read.destroy();
  });

  test("that dies for a reason of its own is reported with the end of its log", async () => {
    await using server = await startRedis(here(redis), site.at("ill"));
    process.kill(server.pid, "SIGTERM");
    const error = await server.died;
    expect(error).toMatchObject({ code: "component-died", kind: "harness" });
    expect(error.message).toMatch(/^ill \(.* \d+\.\d+.*\) ended .* reason of its own/);
    expect(error.message).toMatch(/ready to exit/i);
  });

  test("that cannot start says why, with its log", async () => {
    const broken = { ...here(redis), path: process.execPath };
    await expect(startRedis(broken, site.at("broken"))).rejects.toMatchObject({
      code: "component-failed",
      message: expect.stringMatching(/broken .* ended before it was ready.*bad option/s),
    });
  });
});

describe.skipIf(mongodb === null)("MongoDB or its stand-in", () => {
  test("keeps what it acknowledged when it is killed, and names itself as what it is", async () => {
    await using server = await startMongodb(here(mongodb), site.at("mongodb"));
    expect(server.label).toBe(here(mongodb).standIn ? "MongoDB protocol stand-in" : "MongoDB");
    await using before = await MongoClient.connect(server.url);
    const items = before.db().collection<{ _id: number; n: number }>("items");
    await items.createIndex({ n: 1 }, { unique: true });
    for (let i = 0; i < 50; i++) await items.insertOne({ _id: i, n: i });
    await expect(items.insertOne({ _id: 99, n: 1 })).rejects.toMatchObject({ code: 11000 });
    await before.close(true);
    await crash(server);
    await using after = await MongoClient.connect(server.url);
    expect(await after.db().collection("items").countDocuments()).toBe(50);
    await expect(after.db().collection("items").insertOne({ n: 1 })).rejects.toMatchObject({ code: 11000 });
  });
});

describe.skipIf(toxiproxy === null)("Toxiproxy", () => {
  test("answers, counts per proxy, and has forgotten its proxies after a restart", async () => {
    await using server = await startToxiproxy(here(toxiproxy), site.at("toxiproxy"));
    const listen = `127.0.0.1:${await site.at("").ports.next()}`;
    const proxy = { name: "edge", listen, upstream: `127.0.0.1:${server.port}`, enabled: true };
    const made = await fetch(`${server.url}/proxies`, { method: "POST", body: JSON.stringify(proxy) });
    expect(made.status).toBe(201);
    await (await fetch(`http://${listen}/version`, { headers: { connection: "close" } })).text();
    const counted = async () =>
      (await (await fetch(`${server.url}/metrics`)).text()).includes('proxy="edge"');
    await waitUntil(counted, { clock, timeoutMs: 10_000, what: "the proxy to be counted" });
    await crash(server);
    expect(await (await fetch(`${server.url}/proxies`)).json()).toEqual({});
  });
});

describe.skipIf(kafka === null)("Kafka", () => {
  test("advertises to each client its own port, and keeps what it acknowledged when it is killed", async () => {
    const { ports } = site.at("");
    const [one, two] = [await ports.next(), await ports.next()];
    // Without a proxy between: the second listener advertises the port of the first.
    const listeners = [
      { name: "one", listenPort: one, advertisedPort: one },
      { name: "two", listenPort: two, advertisedPort: one },
    ];
    await using server = await startKafka(here(kafka), site.at("kafka"), { listeners });
    const retry = { retries: 30, initialRetryTime: 100, maxRetryTime: 500 };
    const client = (port: number) =>
      new Kafka({ brokers: [`127.0.0.1:${port}`], logLevel: logLevel.NOTHING, retry });
    const brokerPorts: number[] = [];
    for (const port of [server.port, one, two]) {
      const admin = client(port).admin();
      await admin.connect();
      brokerPorts.push(...(await admin.describeCluster()).brokers.map((broker) => broker.port));
      await admin.disconnect();
    }
    expect(brokerPorts).toEqual([server.port, one, one]);

    const admin = client(server.port).admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic: "orders", numPartitions: 2 }] });
    const producer = client(one).producer();
    await producer.connect();
    const messages = Array.from({ length: 50 }, (_, i) => ({ key: `${i}`, value: "x" }));
    await producer.send({ topic: "orders", messages, acks: -1 });
    await producer.disconnect();
    await admin.disconnect();
    await crash(server);
    const after = client(server.port).admin();
    await after.connect();
    const offsets = await after.fetchTopicOffsets("orders");
    expect(offsets.reduce((sum, { high }) => sum + Number(high), 0)).toBe(50);
    await after.disconnect();
  });
});
