import { describe, expect, test } from "vitest";
import { parseConfig } from "../../../../cli/config/config-schema.ts";
import { startReaper } from "../../../../harness/real/processes/reaper.ts";
import { addressProblem, placeOf } from "../../../../harness/real/substrate/external-addresses.ts";
import { ExternalStores } from "../../../../harness/real/substrate/external-stores.ts";
import { systemClock } from "../../../../harness/time/system-clock.ts";

describe("addresses of servers that somebody else started", () => {
  test("are URLs of the kind of server", () => {
    expect(addressProblem("postgres", "postgres://me:pw@db.test/postgres")).toBeNull();
    expect(addressProblem("postgres", "postgresql://db.test")).toBeNull();
    for (const wrong of ["", "db.test:5432", "redis://db.test", "postgres://"]) {
      expect(addressProblem("postgres", wrong), wrong).toBe(
        "expected a URL such as postgres://user:password@host:5432/",
      );
    }
  });

  test("have the usual port unless they name one", () => {
    expect(placeOf("redis", "redis://cache.test/3")).toEqual({ host: "cache.test", port: 6379 });
    expect(placeOf("mongodb", "mongodb://me:pw@[::1]:27018/")).toEqual({ host: "::1", port: 27_018 });
  });

  test.each([
    ["postgres", "postgres://me:secret@db.test/postgres?sslmode=require", '"sslmode" asks for TLS'],
    ["postgres", "postgres://me:secret@db.test/?ssl=true", '"ssl" asks for TLS'],
    ["postgresReplica", "postgres://me:secret@db.test/?sslmode=verify-full", '"sslmode" asks for TLS'],
    ["mongodb", "mongodb+srv://me:secret@db.test/", '"mongodb+srv://" asks for TLS'],
    ["mongodb", "mongodb://me:secret@db.test/?replicaSet=a&tls=true", '"tls" asks for TLS'],
    ["redis", "rediss://me:secret@db.test/9", '"rediss://" asks for TLS'],
    ["kafka", "ssl://broker.test:9093", '"ssl://" asks for TLS or SASL'],
    ["kafka", "broker.test:9092,SASL_SSL://me:secret@other.test:9093", '"SASL_SSL://" asks for TLS or SASL'],
  ])("that ask for encryption are refused by name: %s %s", (kind, address, why) => {
    const parsed = parseConfig({ external: { [kind]: address } });
    const problems = parsed.ok ? [] : parsed.problems;
    expect(problems).toEqual([expect.stringContaining(`external.${kind}: ${why}, which is not supported`)]);
    expect(problems.join()).not.toContain("secret");
  });

  test("may say that they want no encryption", () => {
    expect(addressProblem("postgres", "postgres://db.test/?sslmode=disable")).toBeNull();
    expect(addressProblem("mongodb", "mongodb://db.test/?tls=false")).toBeNull();
    // A name that only looks like it.
    expect(addressProblem("kafka", "ssl.kafka.test:9092")).toBeNull();
  });

  test("in a configuration are checked, and not repeated in errors: they have passwords", () => {
    const good = { substrate: "external", external: { postgres: "postgres://me:pw@db.test/" } };
    expect(parseConfig(good)).toEqual({ ok: true, config: good });
    expect(parseConfig({ external: { redis: "http://me:secret@db.test" } })).toEqual({
      ok: false,
      problems: ["external.redis: expected a URL such as redis://user:password@host:6379/"],
    });
    expect(parseConfig({ external: { kafka: "one.test:9092,two.test:9093" } }).ok).toBe(true);
    for (const wrong of ["", "kafka://broker:9092", "broker", "broker:9092,", "me:pw@broker:9092"]) {
      expect(parseConfig({ external: { kafka: wrong } }), wrong).toEqual({
        ok: false,
        problems: ["external.kafka: expected brokers such as host:9092,host2:9092"],
      });
    }
    expect(parseConfig({ external: { rabbitmq: "amqp://broker" } })).toEqual({
      ok: false,
      problems: ["external.rabbitmq: there is no such field"],
    });
  });
});

test.each([
  ["Kafka", { kind: "kafka", name: "bus", topics: [] }, "external-address-missing"],
  ["an address", { kind: "redis", name: "cache" }, "external-address-missing"],
  [
    "the replica's address",
    { kind: "postgres", name: "a", replicas: ["b"], migrate: async () => {} },
    "external-address-missing",
  ],
] as const)("a run that needs %s is refused where it is not there", async (_, store, code) => {
  const addresses = { postgres: "postgres://127.0.0.1:1/" };
  const request = { stores: [store], users: new Map() };
  await using reaper = startReaper();
  const site = { clock: systemClock(), reaper };
  await expect(ExternalStores.open(addresses, request, "faultline", site)).rejects.toMatchObject({
    code,
  });
});
