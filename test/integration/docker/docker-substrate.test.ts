import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { createClient } from "redis";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { linkPartition } from "../../../harness/faults/link-partition.fault.ts";
import { askPort } from "../../../harness/real/components/ask-port.ts";
import type { ComponentKind } from "../../../harness/real/components/component.ts";
import { runSql } from "../../../harness/real/components/postgres-sql.ts";
import { EdgeNetwork } from "../../../harness/real/network/edge-network.ts";
import { portSource } from "../../../harness/real/processes/port-source.ts";
import { processRow } from "../../../harness/real/processes/process-table.ts";
import { startReaper } from "../../../harness/real/processes/reaper.ts";
import { waitUntil } from "../../../harness/real/processes/wait-until.ts";
import { untilReplicasFollow } from "../../../harness/real/run/until-replicas-follow.ts";
import { startDockerSubstrate } from "../../../harness/real/substrate/docker.substrate.ts";
import type { ProvisionedStores, Substrate } from "../../../harness/real/substrate/substrate.ts";
import { systemClock } from "../../../harness/time/system-clock.ts";
import { edgePort } from "../../support/proxy/edge-port.ts";
import { containersWith } from "../../support/real/containers-with.ts";
import { dockerHere } from "../../support/real/docker-here.ts";

const clock = systemClock();
const { images, kinds } = await dockerHere();
const here = ["toxiproxy", "postgres", "redis"].every((kind) => kinds.has(kind as ComponentKind));
const PING = "PING\r\n";

function portOf(url: string): number {
  return Number(new URL(url).port);
}

describe.skipIf(!here)("the docker substrate", () => {
  const reaper = startReaper();
  const label = `faultline.harness=${reaper.mark}`;
  let substrate: Substrate;
  let stores: ProvisionedStores;

  beforeAll(async () => {
    const logFolder = mkdtempSync(join(tmpdir(), "faultline-docker-"));
    reaper.addFolder(logFolder);
    substrate = await startDockerSubstrate({
      kinds: new Set(["postgres", "redis"]),
      site: { logFolder, clock, ports: portSource(process.pid), reaper },
      images,
      libfaketime: "not looked for",
    });
    stores = await substrate.provision({
      stores: [
        { kind: "postgres", name: "users", replicas: ["users-replica"], migrate: async () => {} },
        { kind: "redis", name: "cache" },
      ],
      users: new Map(),
    });
  });

  afterAll(async () => {
    await substrate?.[Symbol.asyncDispose]();
    expect(await containersWith(label)).toEqual([]);
    await reaper[Symbol.asyncDispose]();
  });

  test("PostgreSQL keeps what it acknowledged when its container is killed; its replica follows", async () => {
    const { url } = stores.address("users");
    await runSql(url, "CREATE TABLE kept (id int PRIMARY KEY)");
    for (let id = 1; id <= 20; id++) await runSql(url, `INSERT INTO kept VALUES (${id})`);
    const server = stores.process("users");
    await server.kill();
    expect([server.isUp(), await askPort(portOf(url), PING)]).toEqual([false, ""]);
    await server.start();
    const count = "SELECT count(*)::int AS n FROM kept";
    expect(await runSql(url, count)).toEqual([{ n: 20 }]);
    const replica = stores.address("users-replica").url;
    const caughtUp = async (): Promise<boolean> => (await runSql(replica, count))[0]?.n === 20;
    await waitUntil(caughtUp, { clock, timeoutMs: 20_000, what: "the replica" });
    const rows = await stores.postgres("users-replica").query("SELECT pg_is_in_recovery() AS standby");
    expect(rows).toEqual([{ standby: true }]);
    await stores.process("users-replica").kill();
    await stores.process("users-replica").start();
    expect(await runSql(replica, count)).toEqual([{ n: 20 }]);
  });

  test("a replica is cut off from its primary by an edge, and follows again when that heals", async () => {
    const [way] = stores.replications();
    if (way === undefined) throw new Error("there is a replica");
    const network = new EdgeNetwork({
      toxiproxyUrl: substrate.toxiproxyUrl,
      journal: () => () => {},
      sleep: clock.sleep,
    });
    const { replica, primary, upstreamPort, listenPort, sentDown } = way;
    expect([replica, primary]).toEqual(["users-replica", "users"]);
    await way.free();
    await network.open(replica, primary, upstreamPort, { listenPort, sentDown });
    await untilReplicasFollow(stores, clock);
    const { url } = stores.address("users");
    await runSql(url, "CREATE TABLE late (id int)");
    await untilReplicasFollow(stores, clock);
    const { real } = linkPartition;
    if (typeof real !== "function") throw new Error("possible in the real lane");
    const params = { a: primary, b: replica, direction: "both" } as const;
    const active = await real(
      edgePort(network, () => () => {}),
      params,
    );
    await runSql(url, "INSERT INTO late VALUES (1)");
    await clock.sleep(500);
    const count = "SELECT count(*)::int AS n FROM late";
    const copy = stores.address(replica).url;
    expect(await runSql(copy, count)).toEqual([{ n: 0 }]);
    expect(await active.bites()).toBeGreaterThan(0);
    await active.heal();
    await untilReplicasFollow(stores, clock);
    expect(await runSql(copy, count)).toEqual([{ n: 1 }]);
    await network.close();
  });

  test("Redis is paused, goes on, is killed while paused, stops in order, and keeps its data", async () => {
    const { url } = stores.address("cache");
    const port = portOf(url);
    const client = createClient({ url });
    client.on("error", () => {});
    await client.connect();
    await client.set("kept", "1");
    const server = stores.process("cache");
    await server.pause();
    await server.pause();
    expect([server.isUp(), await askPort(port, PING, 300)]).toEqual([true, ""]);
    await server.resume();
    await server.resume();
    expect(await askPort(port, PING)).toBe("+PONG\r\n");
    await server.pause();
    await server.kill();
    await server.kill();
    expect(server.isUp()).toBe(false);
    await server.start();
    await server.stopGracefully();
    expect(server.isUp()).toBe(false);
    await server.start();
    await waitUntil(async () => (await client.get("kept")) === "1", {
      clock,
      timeoutMs: 10_000,
      what: "the key",
    });
    client.destroy();
    expect(substrate.unaskedDeath()).toBeNull();
  });

  test("a container that ends for a reason of its own is told of, once, with the end of its log", async () => {
    const { url } = stores.address("cache");
    await askPort(portOf(url), "SHUTDOWN NOSAVE\r\n");
    const server = stores.process("cache");
    await waitUntil(() => !server.isUp(), { clock, timeoutMs: 10_000, what: "the end" });
    let death = substrate.unaskedDeath();
    await waitUntil(
      () => {
        death ??= substrate.unaskedDeath();
        return death !== null;
      },
      { clock, timeoutMs: 10_000, what: "the death" },
    );
    expect(death).toMatchObject({ name: "redis-0", why: expect.stringMatching(/code 0.*ready to exit/s) });
    expect(substrate.unaskedDeath()).toBeNull();
    await server.start();
  });

  test("nothing is left when the harness is killed", async () => {
    const entry = join(import.meta.dirname, "../../support/real/doomed-docker-harness.ts");
    const doomed = spawn(process.execPath, [entry, JSON.stringify(images)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = await once(createInterface({ input: doomed.stdout }), "line");
    const started = JSON.parse(String(line)) as { readonly label: string; readonly reaper: number };
    const states = (await containersWith(started.label)).map(({ state }) => state);
    expect(states.toSorted()).toEqual(["paused", "running"]);
    doomed.kill("SIGKILL");
    const gone = (): boolean => processRow(started.reaper)?.zombie !== false;
    await waitUntil(gone, { clock, timeoutMs: 40_000, what: "the reaper" });
    expect(await containersWith(started.label)).toEqual([]);
  });
});
