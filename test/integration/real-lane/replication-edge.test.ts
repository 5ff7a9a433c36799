import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Json } from "../../../checkers/history/operation.ts";
import { componentEnvironment } from "../../../harness/real/components/component-environment.ts";
import { findPostgres } from "../../../harness/real/components/postgres.component.ts";
import { runSql } from "../../../harness/real/components/postgres-sql.ts";
import { findToxiproxy } from "../../../harness/real/components/toxiproxy.component.ts";
import { EdgeNetwork } from "../../../harness/real/network/edge-network.ts";
import { portSource } from "../../../harness/real/processes/port-source.ts";
import { startReaper } from "../../../harness/real/processes/reaper.ts";
import { waitUntil } from "../../../harness/real/processes/wait-until.ts";
import { untilReplicasFollow } from "../../../harness/real/run/until-replicas-follow.ts";
import { startLocalSubstrate } from "../../../harness/real/substrate/local.substrate.ts";
import type { ProvisionedStores, Substrate } from "../../../harness/real/substrate/substrate.ts";
import { systemClock } from "../../../harness/time/system-clock.ts";
import { faultNamed } from "../../support/faults/fault-world.ts";
import { edgePort } from "../../support/proxy/edge-port.ts";

const clock = systemClock();
const environment = componentEnvironment(process.env);
const found = [await findToxiproxy(environment), await findPostgres(environment)];
const here = found.every((search) => search.found);
if (!here)
  process.stdout.write("replication-edge.test.ts: left out, since it needs Toxiproxy and PostgreSQL.\n");

const PRIMARY = "users";
const REPLICA = "users-replica";
const definition = { kind: "postgres", name: PRIMARY, replicas: [REPLICA], migrate: async () => {} } as const;

describe.skipIf(!here)("between a replica and its primary", () => {
  const reaper = startReaper();
  let substrate: Substrate;
  let stores: ProvisionedStores;
  let network: EdgeNetwork;
  let rows = 0;

  async function beginRun(): Promise<void> {
    stores = await substrate.provision({ stores: [definition], users: new Map() });
    network = new EdgeNetwork({
      toxiproxyUrl: substrate.toxiproxyUrl,
      journal: () => () => {},
      sleep: clock.sleep,
    });
    for (const way of stores.replications()) {
      const { upstreamPort, listenPort, sentDown } = way;
      await way.free();
      await network.open(way.replica, way.primary, upstreamPort, { listenPort, sentDown });
    }
    await untilReplicasFollow(stores, clock);
    rows = 0;
    await runSql(stores.address(PRIMARY).url, "CREATE TABLE seen (id int PRIMARY KEY)");
  }

  async function endRun(): Promise<void> {
    await network.close();
    await stores[Symbol.asyncDispose]();
  }

  async function commit(): Promise<void> {
    await runSql(stores.address(PRIMARY).url, `INSERT INTO seen VALUES (${rows++})`);
  }

  async function isSeen(): Promise<boolean> {
    try {
      const [row] = await runSql(stores.address(REPLICA).url, "SELECT count(*)::int AS n FROM seen");
      return row?.n === rows;
    } catch {
      return false;
    }
  }

  /** How long it takes until the replica shows every commit. */
  async function seenAfterMs(): Promise<number> {
    const startNs = clock.monotonicNs();
    await waitUntil(isSeen, { clock, timeoutMs: 15_000, everyMs: 10, what: "the replica" });
    return (clock.monotonicNs() - startNs) / 1e6;
  }

  async function inject(name: string, params: Json) {
    const { real } = faultNamed(name);
    if (typeof real !== "function") throw new Error("possible in the real lane");
    return await real(
      edgePort(network, () => () => {}),
      params,
    );
  }

  beforeAll(async () => {
    const logFolder = mkdtempSync(join(tmpdir(), "faultline-replication-"));
    reaper.addFolder(logFolder);
    substrate = await startLocalSubstrate({
      environment,
      kinds: new Set(["postgres"]),
      site: { logFolder, clock, ports: portSource(process.pid), reaper },
      libfaketime: "not looked for",
    });
    await beginRun();
  });

  afterAll(async () => {
    await endRun();
    await substrate?.[Symbol.asyncDispose]();
    await reaper[Symbol.asyncDispose]();
  });

  beforeEach(async () => {
    await commit();
    await seenAfterMs();
  });

  test.each<[string, Json]>([
    ["link-partition", { a: PRIMARY, b: REPLICA, direction: "both" }],
    ["link-partition", { a: PRIMARY, b: REPLICA, direction: "a-to-b" }],
    ["black-hole", { a: REPLICA, b: PRIMARY, direction: "both" }],
    ["connection-refused", { from: REPLICA, to: PRIMARY }],
    ["isolate-one", { node: REPLICA, others: [PRIMARY] }],
  ])("%s keeps commits away, bites, and heals", async (name, params) => {
    const active = await inject(name, params);
    await commit();
    await clock.sleep(500);
    expect(await isSeen()).toBe(false);
    expect(await active.bites()).toBeGreaterThan(0);
    await active.heal();
    await seenAfterMs();
  });

  test("a partition one way bites only what goes that way", async () => {
    const held = await inject("link-partition", { a: PRIMARY, b: REPLICA, direction: "a-to-b" });
    expect(await held.bites()).toBe(0);
    await commit();
    await waitUntil(async () => (await held.bites()) > 0, { clock, timeoutMs: 5_000, what: "a bite" });
    await held.heal();
    await seenAfterMs();
    const back = await inject("link-partition", { a: PRIMARY, b: REPLICA, direction: "b-to-a" });
    expect(await back.bites()).toBe(0);
    await commit();
    await seenAfterMs();
    await waitUntil(async () => (await back.bites()) > 0, { clock, timeoutMs: 5_000, what: "a bite" });
    await back.heal();
  });

  test("link-latency makes commits late", async () => {
    const active = await inject("link-latency", { from: PRIMARY, to: REPLICA, addMs: 700 });
    await commit();
    expect(await seenAfterMs()).toBeGreaterThan(500);
    expect(await active.bites()).toBeGreaterThan(0);
    await active.heal();
    await commit();
    await seenAfterMs();
  });

  test("a partition is there also for a replica and a primary that come back from a crash", async () => {
    const active = await inject("link-partition", { a: PRIMARY, b: REPLICA, direction: "both" });
    for (const name of [REPLICA, PRIMARY]) {
      await stores.process(name).kill();
      await stores.process(name).start();
    }
    await commit();
    await clock.sleep(500);
    expect(await isSeen()).toBe(false);
    await active.heal();
    await seenAfterMs();
  });

  test("nothing is broken between runs, and the next run has an edge of its own", async () => {
    await inject("link-partition", { a: PRIMARY, b: REPLICA, direction: "both" });
    const superuser = stores.postgres(PRIMARY);
    const replica = stores.postgres(REPLICA);
    await endRun();
    // Without any run: it follows past all edges.
    await superuser.query("CREATE DATABASE between_runs");
    const there = async (): Promise<boolean> =>
      (await replica.query("SELECT FROM pg_database WHERE datname = 'between_runs'")).length === 1;
    await waitUntil(there, { clock, timeoutMs: 15_000, what: "the replica" });
    await beginRun();
    const before = network.edges(REPLICA, PRIMARY)[0]?.traffic().bytesDown ?? 0;
    await commit();
    await seenAfterMs();
    expect(network.edges(REPLICA, PRIMARY)[0]?.traffic().bytesDown).toBeGreaterThan(before);
    expect(substrate.unaskedDeath()).toBeNull();
  });
});
