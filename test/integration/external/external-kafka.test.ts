import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { injectReal } from "../../../harness/faults/inject-real.ts";
import { openStoreClients } from "../../../harness/real/clients/open-store-clients.ts";
import { throughPort } from "../../../harness/real/clients/through-port.ts";
import { startKafka } from "../../../harness/real/components/kafka.component.ts";
import { startPostgres } from "../../../harness/real/components/postgres.component.ts";
import { runSql } from "../../../harness/real/components/postgres-sql.ts";
import { startToxiproxy } from "../../../harness/real/components/toxiproxy.component.ts";
import { EdgeNetwork } from "../../../harness/real/network/edge-network.ts";
import { FaultJournal } from "../../../harness/real/network/fault-journal.ts";
import { processRow } from "../../../harness/real/processes/process-table.ts";
import { waitUntil } from "../../../harness/real/processes/wait-until.ts";
import { reachExternal } from "../../../harness/real/substrate/external-server.ts";
import { ExternalStores } from "../../../harness/real/substrate/external-stores.ts";
import { withKafkaAdmin } from "../../../harness/real/substrate/kafka-admin.ts";
import { createTopics } from "../../../harness/real/substrate/kafka-topics.ts";
import type { SuiteRecord } from "../../../harness/record/suite-record.ts";
import { systemClock } from "../../../harness/time/system-clock.ts";
import { endOf, runCli, startCli } from "../../e2e/run-cli.ts";
import { faultNamed } from "../../support/faults/fault-world.ts";
import { edgePort } from "../../support/proxy/edge-port.ts";
import { componentVariables } from "../../support/real/component-variables.ts";
import { componentHere, openRealSite } from "../../support/real/real-site.ts";

const found = await Promise.all((["kafka", "postgres", "toxiproxy"] as const).map(componentHere));
const [kafka, postgres, toxiproxy] = found;
const clock = systemClock();
const scenario = ["run", "committed-events-are-delivered", "--lane", "real", "--form", "hardened"];
const withoutTheirs = ["--without-fault", "process-crash@stores,process-pause@stores"];

interface Left {
  readonly topics: readonly string[];
  readonly groups: readonly string[];
}

describe.skipIf(kafka === null || postgres === null || toxiproxy === null)(
  "a Kafka cluster that somebody else started",
  () => {
    const site = openRealSite();
    let address: string;
    /** Where the broker tells clients of a port on which nobody listens. */
    let astrayAddress: string;
    let folder: string;

    async function left(): Promise<Left> {
      return await withKafkaAdmin([address], async (admin) => ({
        topics: (await admin.listTopics()).filter((name) => !name.startsWith("__")).sort(),
        groups: (await admin.listGroups()).groups.map(({ groupId }) => groupId).sort(),
      }));
    }

    beforeAll(async () => {
      const { ports } = site.at("kafka");
      const astray = { name: "ASTRAY", listenPort: await ports.next(), advertisedPort: await ports.next() };
      const broker = await startKafka(present(kafka), site.at("kafka"), { listeners: [astray] });
      astrayAddress = `127.0.0.1:${astray.listenPort}`;
      address = `127.0.0.1:${broker.port}`;
      await withKafkaAdmin([address], async (admin) => {
        await createTopics(admin, [{ name: "theirs", partitions: 1 }]);
        await waitUntil(() => makeGroup(admin, "theirs-too"), { clock, timeoutMs: 15_000, what: "a group" });
      });
    });

    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), "faultline-external-"));
    });

    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    afterAll(async () => {
      await site[Symbol.asyncDispose]();
    });

    const bus = { kind: "kafka", name: "bus", topics: [{ name: "orders", partitions: 2 }] } as const;
    const request = { stores: [bus], users: new Map() };

    test("is reached through proxies only: a partition holds what a client sends, and heals", async () => {
      await using proxies = await startToxiproxy(present(toxiproxy), site.at("toxiproxy"));
      await using stores = await ExternalStores.open(
        { kafka: address },
        request,
        "unused",
        site.at("stores"),
      );
      const journal = new FaultJournal(join(folder, "faults.ndjson"), () => 0);
      const network = new EdgeNetwork({
        toxiproxyUrl: proxies.url,
        journal: journal.undo,
        sleep: clock.sleep,
      });
      await using _network = { [Symbol.asyncDispose]: () => network.close() };
      const [first] = stores.edges("bus");
      const { upstreamPort, opened, ...how } = present(first);
      const edge = await network.open("shop", "bus", upstreamPort, how);
      opened?.(edge.listenPort);
      const way = throughPort(stores.address("bus"), edge.listenPort);
      await using shop = await openStoreClients(new Map([["bus", way]]), "shop");
      const producer = shop.clients.kafka("bus").producer();
      const consumer = shop.clients
        .kafka("bus")
        .consumer({ groupId: "shippers", sessionTimeout: 1500, heartbeatInterval: 300, maxWaitTimeInMs: 50 });
      await producer.connect();
      const got: string[] = [];
      await consumer.connect();
      await consumer.subscribe({ topics: ["orders"], fromBeginning: true });
      await consumer.run({ eachMessage: async ({ message }) => void got.push(String(message.value)) });
      const send = async (value: string) => await producer.send({ topic: "orders", messages: [{ value }] });
      await send("before");
      await waitUntil(() => got.length === 1, { clock, timeoutMs: 10_000, what: "the first message" });

      const partition = await injectReal(
        { id: 0, fault: faultNamed("link-partition"), params: { a: "shop", b: "bus", direction: "both" } },
        edgePort(network, journal.undo),
        journal,
      );
      let isSent = false;
      const held = send("during").then(
        () => {
          isSent = true;
        },
        () => {},
      );
      await sleep(1000);
      // The cluster itself goes on: who comes another way sees that nothing arrived.
      const [total] = await withKafkaAdmin([address], async (admin) => {
        const offsets = await admin.fetchTopicOffsets("orders");
        return [offsets.reduce((sum, { high }) => sum + Number(high), 0)];
      });
      expect([isSent, total, got, await partition.bites()]).toEqual([
        false,
        1,
        ["before"],
        expect.any(Number),
      ]);
      expect(await partition.bites()).toBeGreaterThan(0);
      await partition.heal();
      await held;
      await waitUntil(() => got.includes("during"), {
        clock,
        timeoutMs: 20_000,
        what: "the message that was held",
      });
      expect((await left()).groups).toEqual(["shippers", "theirs-too"]);
      expect(stores.trouble()).toBeNull();
      await consumer.disconnect();
      // What the fault duplicate-delivery does, within the run's own group.
      expect(await stores.kafka("bus").rewind("shippers", "orders", 1)).toBeGreaterThan(0);
      await producer.disconnect();
      await network.close();
      await stores[Symbol.asyncDispose]();
      expect(await left()).toEqual({ topics: ["theirs"], groups: ["theirs-too"] });
    });

    test("keeps what was there: a topic or a group of that name ends the run", async () => {
      const theirs = { ...bus, topics: [{ name: "theirs", partitions: 1 }] };
      const open = (store: typeof bus | typeof theirs) =>
        ExternalStores.open(
          { kafka: address },
          { stores: [store], users: new Map() },
          "unused",
          site.at("stores"),
        );
      await expect(open(theirs)).rejects.toMatchObject({
        code: "not-empty",
        message: expect.stringContaining('a topic "theirs" already'),
      });
      await using stores = await open(bus);
      await expect(open(bus)).rejects.toMatchObject({ code: "not-empty" });
      await expect(stores.kafka("bus").rewind("theirs-too", "orders", 1)).rejects.toMatchObject({
        code: "not-empty",
      });
      await expect(stores.process("bus").kill()).rejects.toMatchObject({ code: "impossible-fault" });
      await using clients = await openStoreClients(new Map([["bus", stores.address("bus")]]), "harness");
      const consumer = clients.clients
        .kafka("bus")
        .consumer({ groupId: "theirs-too", retry: { retries: 0 } });
      await consumer.connect();
      await consumer.subscribe({ topics: ["orders"] });
      await consumer.run({ eachMessage: async () => {} }).catch(() => {});
      await waitUntil(() => stores.trouble() !== null, { clock, timeoutMs: 10_000, what: "the refusal" });
      expect(stores.trouble()).toMatchObject({
        message: expect.stringContaining('group "theirs-too" before'),
      });
      await consumer.disconnect();
      await stores[Symbol.asyncDispose]();
      expect(await left()).toEqual({ topics: ["theirs"], groups: ["theirs-too"] });
    });

    test("says that it does not take the session timeout of a consumer", async () => {
      await using stores = await ExternalStores.open(
        { kafka: address },
        request,
        "unused",
        site.at("stores"),
      );
      await using clients = await openStoreClients(new Map([["bus", stores.address("bus")]]), "harness");
      const times = { sessionTimeout: 400, heartbeatInterval: 100, retry: { retries: 0 } };
      const consumer = clients.clients.kafka("bus").consumer({ groupId: "hasty", ...times });
      await consumer.connect();
      await consumer.subscribe({ topics: ["orders"] });
      await consumer.run({ eachMessage: async () => {} }).catch(() => {});
      await waitUntil(() => stores.trouble() !== null, { clock, timeoutMs: 10_000, what: "the refusal" });
      expect(stores.trouble()?.code).toBe("kafka-session-refused");
      await consumer.disconnect();
    });

    test("tells who it is, and why it cannot be used", async () => {
      const { label } = await reachExternal("kafka", address);
      expect(label).toMatch(/^Kafka cluster \S+ of 1 broker \(external\)$/);
      await expect(reachExternal("kafka", "127.0.0.1:1,127.0.0.1:2")).rejects.toMatchObject({
        code: "external-unreachable",
        message: expect.stringMatching(/^Kafka at 127\.0\.0\.1:1,127\.0\.0\.1:2 cannot be used: /),
      });
      await expect(reachExternal("kafka", astrayAddress)).rejects.toMatchObject({
        code: "external-unreachable",
        hint: expect.stringContaining("every broker must answer at the address that it tells its clients"),
      });
    });

    describe("with a PostgreSQL server", () => {
      let url: string;
      const password = "not/for/others";

      async function databases(): Promise<unknown[]> {
        const rows = await runSql(url, "SELECT datname FROM pg_database WHERE NOT datistemplate ORDER BY 1");
        return rows.map(({ datname }) => datname);
      }

      beforeAll(async () => {
        const server = await startPostgres(present(postgres), site.at("postgres"), {
          cacheFolder: site.cacheFolder,
        });
        url = server.urlOf("postgres");
        await runSql(url, `CREATE ROLE tester SUPERUSER LOGIN PASSWORD '${password}'`);
        url = url.replace(/\/\/[^@]*@/, `//tester:${encodeURIComponent(password)}@`);
      });

      beforeEach(() => {
        const external = JSON.stringify({ postgres: url, kafka: address });
        const config = `export default { substrate: "external", external: ${external} };`;
        writeFileSync(join(folder, "faultline.config.mjs"), config);
      });

      test("serves a run, and is as it was afterwards", async () => {
        const args = [...scenario, ...withoutTheirs, "--runs", "1", "--json"];
        const { stdout, stderr, code } = await runCli(args, { cwd: folder, env: componentVariables() });
        const suite = JSON.parse(stdout) as SuiteRecord;
        expect([suite.verdict, suite.substrate, code], stderr).toEqual(["valid", "external", 0]);
        expect(suite.components?.join()).toMatch(/Kafka cluster/);
        expect(await left()).toEqual({ topics: ["theirs"], groups: ["theirs-too"] });
        expect(await databases()).toEqual(["postgres"]);
      });

      test("fails a run in the harness, and not the service, where a client would leave what is the run's", async () => {
        const group = "notification";
        await withKafkaAdmin([address], (admin) => makeGroup(admin, group));
        const args = [...scenario, ...withoutTheirs, "--runs", "1", "--json"];
        const { stdout, code } = await runCli(args, { cwd: folder, env: componentVariables() });
        const suite = JSON.parse(stdout) as SuiteRecord;
        expect([suite.verdict, code]).toEqual(["unknown", 255]);
        expect(JSON.stringify(suite.summary)).toContain(`a consumer group \\"${group}\\" before the run`);
        expect(await left()).toEqual({ topics: ["theirs"], groups: [group, "theirs-too"] });
        await withKafkaAdmin([address], (admin) => admin.deleteGroups([group]));
        expect(await databases()).toEqual(["postgres"]);
      });

      test("is cleaned by the reaper when the harness is killed, without a password where others can see it", async () => {
        const child = startCli([...scenario, ...withoutTheirs, "--runs", "4", "--out", "killed"], {
          cwd: folder,
          env: componentVariables(),
        });
        const end = endOf(child);
        // In the middle of a run: topics, databases and a group of a service are there.
        const isUnderWay = async () => (await left()).groups.length > 1;
        await waitUntil(isUnderWay, { clock, timeoutMs: 60_000, everyMs: 100, what: "a run" });
        expect((await databases()).filter((name) => String(name).startsWith("faultline_"))).toHaveLength(2);
        const reapers = reapersOf(child.pid ?? 0);
        expect(reapers).toHaveLength(1);
        for (const file of ["cmdline", "environ"]) {
          const text = readFileSync(`/proc/${reapers[0]}/${file}`, "latin1");
          expect([text.includes(password), text.includes(encodeURIComponent(password))]).toEqual([
            false,
            false,
          ]);
        }
        child.kill("SIGKILL");
        await end;
        const isGone = () => processRow(reapers[0] ?? 0)?.zombie !== false;
        await waitUntil(isGone, { clock, timeoutMs: 60_000, what: "the reaper to be done" });
        expect(await left()).toEqual({ topics: ["theirs"], groups: ["theirs-too"] });
        expect(await databases()).toEqual(["postgres"]);
        const files = readdirSync(join(folder, "killed"), { recursive: true, withFileTypes: true });
        const telling = files
          .filter((file) => file.isFile())
          .map((file) => join(file.parentPath, file.name))
          .filter((path) => /not.{1,3}for.{1,3}others/.test(readFileSync(path, "latin1")));
        expect(telling).toEqual([]);
      });
    });
  },
);

function present<Value>(value: Value | null | undefined): Value {
  if (value === null || value === undefined) throw new Error("skipped before");
  return value;
}

/** Makes a group of somebody else's, by what it has committed. False while the broker is not ready for that. */
async function makeGroup(admin: Parameters<typeof createTopics>[0], groupId: string): Promise<boolean> {
  try {
    await admin.setOffsets({ groupId, topic: "theirs", partitions: [{ partition: 0, offset: "0" }] });
    return true;
  } catch {
    return false;
  }
}

/** The reapers among the children of a process. */
function reapersOf(parent: number): number[] {
  return readdirSync("/proc").flatMap((name) => {
    const row = /^\d+$/.test(name) ? processRow(Number(name)) : undefined;
    if (row?.parent !== parent) return [];
    return readFileSync(`/proc/${name}/cmdline`, "latin1").includes("reaper-entry") ? [Number(name)] : [];
  });
}
