import { request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startKafka } from "../../../harness/real/components/kafka.component.ts";
import { startMongodb } from "../../../harness/real/components/mongodb.component.ts";
import { type RunningPostgres, startPostgres } from "../../../harness/real/components/postgres.component.ts";
import { startPostgresReplica } from "../../../harness/real/components/postgres-replica.ts";
import type { RunningServer } from "../../../harness/real/components/running-server.ts";
import { addressVariable } from "../../../harness/real/services/service-environment.ts";
import { kafkaAdministrator } from "../../../harness/real/substrate/kafka-administrator.ts";
import type { ServiceDefinition } from "../../../harness/run/system.ts";
import { systemClock } from "../../../harness/time/system-clock.ts";
import { shopSystem } from "../../../reference-impl/systems/shop.system.ts";
import { componentHere, openRealSite } from "../../support/real/real-site.ts";
import { type StartedService, startService } from "../../support/real/started-service.ts";

const { services, stores } = shopSystem();
const found = await Promise.all((["postgres", "mongodb", "kafka"] as const).map(componentHere));
const [postgresHere, mongodbHere, kafkaHere] = found;
const site = openRealSite();
const servers: RunningServer[] = [];
const addresses = new Map<string, string>();
/** What holds the store of each service. */
const serverOf = new Map<string, RunningServer>();

afterAll(async () => {
  await Promise.all(servers.map((server) => server[Symbol.asyncDispose]()));
  await site[Symbol.asyncDispose]();
});

/** One server of each kind, with a database for each store of the shop. */
async function startServers(): Promise<void> {
  if (postgresHere == null || mongodbHere == null || kafkaHere == null) return;
  const databases = stores.flatMap(({ name, kind }) => (kind === "postgres" ? [name] : []));
  const { cacheFolder } = site;
  const postgres: RunningPostgres = await startPostgres(postgresHere, site.at("postgres"), {
    cacheFolder,
    databases,
  });
  servers.push(postgres);
  const replica = await startPostgresReplica(postgresHere, postgres, site.at("replica"));
  servers.push(replica);
  const [mongodb, kafka] = await Promise.all([
    startMongodb(mongodbHere, site.at("mongodb")),
    startKafka(kafkaHere, site.at("kafka")),
  ]);
  servers.push(mongodb, kafka);
  for (const store of stores) {
    if (store.kind === "postgres") {
      addresses.set(store.name, postgres.urlOf(store.name));
      serverOf.set(store.name, postgres);
      for (const name of store.replicas ?? []) addresses.set(name, replica.urlOf(store.name));
    } else if (store.kind === "mongodb") {
      addresses.set(store.name, mongodb.url.replace(/\/[^/?]*(\?|$)/, `/${store.name}$1`));
      serverOf.set(store.name, mongodb);
    } else if (store.kind === "kafka") {
      addresses.set(store.name, kafka.url);
      await kafkaAdministrator([`127.0.0.1:${kafka.port}`], systemClock()).reset(store.topics);
    }
  }
}

/** Addresses in the environment; nobody answers at those of other services. */
function environmentOf({ stores: used, calls = [] }: ServiceDefinition): Record<string, string> {
  return Object.fromEntries([
    ["PORT", "0"],
    ...used.map((store) => [addressVariable(store), addresses.get(store) ?? ""]),
    ...calls.map((name) => [addressVariable(name), "http://127.0.0.1:9"]),
  ]);
}

/** A request that the service has begun to read, and whose end has still to be sent. */
async function openRequest(url: string, path: string): Promise<() => Promise<number>> {
  const headers = { "content-type": "application/json", "content-length": 2, expect: "100-continue" };
  const sent = request(`${url}${path}`, {
    method: "POST",
    headers: { ...headers, "idempotency-key": "open" },
  });
  const answered = new Promise<number>((resolve, reject) => {
    sent.on("response", (response) => resolve(response.resume().statusCode ?? 0));
    sent.on("error", reject);
  });
  answered.catch(() => {});
  await new Promise<void>((resolve, reject) => {
    sent.on("continue", resolve);
    sent.on("error", reject);
    sent.flushHeaders();
  });
  sent.write("{");
  return () => {
    sent.end("}");
    return answered;
  };
}

/** A request that waits for a store that is paused. */
async function waitingRequest(
  url: string,
  path: string,
  store: RunningServer,
): Promise<() => Promise<number>> {
  await store.kill("SIGSTOP");
  let isAnswered = false;
  const answered = fetch(`${url}${path}`).then((response) => {
    isAnswered = true;
    return response.status;
  });
  answered.catch(() => {});
  await sleep(200);
  expect(isAnswered).toBe(false);
  return async () => {
    await store.kill("SIGCONT");
    return await answered;
  };
}

/** Where each service takes a body; the others are asked for something that is in their store. */
const bodies: ReadonlyMap<string, string> = new Map([
  ["user", "/users"],
  ["product", "/products"],
  ["order-saga", "/orders"],
  ["order", "/orders"],
  ["inventory", "/items"],
  ["payment", "/payments"],
  ["notification", "/notifications"],
]);
const reads: ReadonlyMap<string, string> = new Map([
  ["recommendation", "/profiles/u"],
  ["product-query", "/products/p"],
]);

async function holdOpen(
  { name, stores: used }: ServiceDefinition,
  url: string,
): Promise<() => Promise<number>> {
  const path = bodies.get(name);
  if (path !== undefined) return await openRequest(url, path);
  const store = used.map((one) => serverOf.get(one)).find((one) => one !== undefined);
  const read = reads.get(name);
  if (store === undefined || read === undefined) throw new Error(`no request is known for ${name}`);
  return await waitingRequest(url, read, store);
}

async function becomesReady({ url }: StartedService): Promise<void> {
  for (let tries = 0; ; tries++) {
    if ((await fetch(`${url}/ready`)).status === 200) return;
    if (tries === 50) throw new Error("it did not become ready");
    await sleep(100);
  }
}

describe.skipIf(found.includes(null))("each service of the shop, started alone by main.ts", () => {
  beforeAll(startServers);

  test.each(services.map((service) => [service.name, service] as const))(
    "%s is healthy and ready, and ends in order at SIGTERM with a request open",
    async (name, definition) => {
      await using service = await startService([name, "--migrate"], environmentOf(definition));
      expect((await fetch(`${service.url}/health`)).status).toBe(200);
      await becomesReady(service);
      const finish = await holdOpen(definition, service.url);
      service.terminate();
      // The request that is open keeps it, and no other one gets in.
      await expect
        .poll(() =>
          fetch(`${service.url}/health`).then(
            ({ status }) => status,
            () => "refused",
          ),
        )
        .toBe("refused");
      const status = await finish();
      // An empty body is no user and no order; what was asked for is not there.
      expect(bodies.has(name) ? [400] : [404, 503]).toContain(status);
      expect(await service.ended).toMatchObject({ code: 0, signal: null });
    },
  );

  test("a service without its addresses says which one it needs", async () => {
    const started = startService(["user"], { PORT: "0" });
    await expect(started).rejects.toThrow(/ended with 254: .*USER_DB_URL/s);
  });

  test("a service that is not there is told of, with those that are", async () => {
    await expect(startService(["nobody"], {})).rejects.toThrow(
      /ended with 254: .*shop: user, recommendation/s,
    );
  });
});
