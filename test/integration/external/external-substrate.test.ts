import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { MongoClient } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { FoundComponent } from "../../../harness/real/components/component.ts";
import { startMongodb } from "../../../harness/real/components/mongodb.component.ts";
import { startPostgres } from "../../../harness/real/components/postgres.component.ts";
import { runSql } from "../../../harness/real/components/postgres-sql.ts";
import { startRedis } from "../../../harness/real/components/redis.component.ts";
import { startReaper } from "../../../harness/real/processes/reaper.ts";
import { connectRedis } from "../../../harness/real/substrate/connect-redis.ts";
import { cannotUse, reachExternal } from "../../../harness/real/substrate/external-server.ts";
import { ExternalStores } from "../../../harness/real/substrate/external-stores.ts";
import type { SuiteRecord } from "../../../harness/record/suite-record.ts";
import { runCli } from "../../e2e/run-cli.ts";
import { componentVariables } from "../../support/real/component-variables.ts";
import { componentHere, openRealSite } from "../../support/real/real-site.ts";

const found = await Promise.all((["postgres", "toxiproxy", "redis", "mongodb"] as const).map(componentHere));
const [postgres, , redis, mongodb] = found;

function here(component: FoundComponent | null | undefined): FoundComponent {
  if (component === null || component === undefined) throw new Error("skipped before");
  return component;
}

describe.skipIf(found.includes(null))("servers that somebody else started", () => {
  const site = openRealSite();
  let url: string;
  let redisUrl: string;
  let mongodbUrl: string;

  async function databases(): Promise<unknown[]> {
    const rows = await runSql(url, "SELECT datname FROM pg_database WHERE NOT datistemplate ORDER BY 1");
    return rows.map(({ datname }) => datname);
  }

  beforeAll(async () => {
    const options = { cacheFolder: site.cacheFolder, databases: ["theirs"] };
    const [pg, cache, documents] = await Promise.all([
      startPostgres(here(postgres), site.at("postgres"), options),
      startRedis(here(redis), site.at("redis")),
      startMongodb(here(mongodb), site.at("mongodb")),
    ]);
    url = pg.urlOf("postgres");
    redisUrl = cache.url;
    mongodbUrl = documents.url;
    await runSql(pg.urlOf("theirs"), "CREATE TABLE kept (id int)", "INSERT INTO kept VALUES (7)");
  });

  afterAll(async () => {
    await site[Symbol.asyncDispose]();
  });

  test("are used for a run, and are as they were afterwards", async () => {
    const config = `export default { substrate: "external", external: { postgres: ${JSON.stringify(url)} } };`;
    writeFileSync(join(site.folder, "faultline.config.mjs"), config);
    const run = [
      "run",
      "acknowledged-updates-are-kept",
      "--lane",
      "real",
      "--seed",
      "1",
      "--form",
      "hardened",
    ];
    const end = await runCli(
      [...run, "--without-fault", "process-crash@stores,process-pause@stores", "--json"],
      {
        cwd: site.folder,
        env: componentVariables(),
      },
    );
    expect(end.stderr + end.stdout).toContain("PostgreSQL");
    const suite = JSON.parse(end.stdout) as SuiteRecord;
    expect([suite.verdict, suite.substrate, end.code]).toEqual(["valid", "external", 0]);
    expect(await databases()).toEqual(["postgres", "theirs"]);
    expect(await runSql(url.replace(/\/postgres$/, "/theirs"), "SELECT id FROM kept")).toEqual([{ id: 7 }]);
  });

  test("are not hit by faults that would hit others, too", async () => {
    const run = ["run", "acknowledged-updates-are-kept", "--lane", "real", "--seed", "1", "--out", "refused"];
    const { code, stderr } = await runCli(run, { cwd: site.folder, env: componentVariables() });
    expect(stderr).toContain("are somebody else's: they are not killed, paused or stopped");
    expect(code).toBe(254);
    expect(existsSync(join(site.folder, "refused", "runs"))).toBe(false);
  });

  test("hand out stores of their own, and take back what was made", async () => {
    const request = {
      stores: [
        { kind: "postgres", name: "users", migrate: async () => {} },
        { kind: "redis", name: "cache" },
        { kind: "mongodb", name: "products", migrate: async () => {} },
      ],
      users: new Map(),
    } as const;
    const addresses = { postgres: url, redis: redisUrl, mongodb: mongodbUrl };
    const stores = await ExternalStores.open(addresses, request, "faultline_test", site.at("stores"));
    expect(stores.address("users").url).toMatch(/\/faultline_test_users$/);
    expect(stores.edges("users")[0]?.upstreamHost).toBe("127.0.0.1");
    await runSql(stores.address("users").url, "CREATE TABLE made (id int)");
    await using cache = await connectRedis(stores.address("cache").url);
    await cache.client.set("made", "1");
    const documents = new MongoClient(stores.address("products").url);
    await documents.db().collection("made").insertOne({ id: 1 });
    // A second run finds keys in the database of Redis, and leaves nothing behind when it is refused.
    await expect(
      ExternalStores.open(addresses, request, "faultline_other", site.at("stores")),
    ).rejects.toMatchObject({
      code: "not-empty",
    });
    expect(await databases()).toEqual(["faultline_test_users", "postgres", "theirs"]);
    await stores[Symbol.asyncDispose]();
    expect(await databases()).toEqual(["postgres", "theirs"]);
    expect(await cache.client.dbSize()).toBe(0);
    const { databases: left } = await documents.db("admin").admin().listDatabases();
    await documents.close();
    expect(left.map(({ name }) => name).filter((name) => name.startsWith("faultline"))).toEqual([]);
  });

  test("are cleaned by the reaper where the harness did not", async () => {
    const reaper = startReaper();
    const request = {
      stores: [
        { kind: "postgres", name: "users", migrate: async () => {} },
        { kind: "redis", name: "cache" },
        { kind: "mongodb", name: "products", migrate: async () => {} },
      ],
      users: new Map(),
    } as const;
    // One that does not answer keeps it from nothing.
    reaper.addMade({ kind: "postgres", url: "postgres://127.0.0.1:1/", database: "faultline_nowhere" });
    reaper.addMade({ kind: "postgres", url, database: "theirs" })(null);
    const addresses = { postgres: url, redis: redisUrl, mongodb: mongodbUrl };
    const { clock } = site.at("stores");
    const stores = await ExternalStores.open(addresses, request, "faultline_left", { clock, reaper });
    await using cache = await connectRedis(stores.address("cache").url);
    await cache.client.set("made", "1");
    const documents = new MongoClient(stores.address("products").url);
    await documents.db().collection("made").insertOne({ id: 1 });
    expect(await databases()).toEqual(["faultline_left_users", "postgres", "theirs"]);
    await reaper[Symbol.asyncDispose]();
    expect([await databases(), await cache.client.dbSize()]).toEqual([["postgres", "theirs"], 0]);
    const { databases: left } = await documents.db("admin").admin().listDatabases();
    await documents.close();
    expect(left.map(({ name }) => name)).not.toContain("faultline_left_products");
  });

  test("tell their version, and why they cannot be used", async () => {
    expect((await reachExternal("postgres", url)).label).toMatch(/^PostgreSQL \d+\.\d+ \(external\)$/);
    expect((await reachExternal("redis", redisUrl)).label).toMatch(/^Redis \d+\.\d+\.\d+ \(external\)$/);
    // What speaks MongoDB's protocol is asked what it is.
    const { label } = here(mongodb);
    expect((await reachExternal("mongodb", mongodbUrl)).label).toMatch(
      new RegExp(`^${label} \\d+\\.\\d+\\.\\d+ \\(external\\)$`),
    );
    await expect(reachExternal("redis", "redis://127.0.0.1:1/0")).rejects.toMatchObject({
      code: "external-unreachable",
      message: expect.stringMatching(/^Redis at 127\.0\.0\.1:1 cannot be used: .*ECONNREFUSED/),
    });
    await runSql(url, "CREATE ROLE poor LOGIN PASSWORD 'se/cret'");
    const poor = url.replace(/\/\/[^@]*@/, "//poor:se%2Fcret@");
    const request = {
      stores: [{ kind: "postgres", name: "users", migrate: async () => {} }],
      users: new Map(),
    } as const;
    await expect(
      ExternalStores.open({ postgres: poor }, request, "faultline_test", site.at("stores")),
    ).rejects.toMatchObject({
      code: "external-unreachable",
      message: expect.stringContaining("permission denied to create database"),
      hint: expect.stringContaining("create and drop databases"),
    });
    const leaky = new Error("no user poor with se/cret or se%2Fcret");
    expect(cannotUse("postgres", poor, leaky).message).toContain("no user poor with … or …");
  });
});
