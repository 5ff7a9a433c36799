import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { ServiceContext } from "../../../harness/run/system.ts";
import { serviceApp } from "../../../reference-impl/patterns/service-app.ts";
import { referenceSystems } from "../../../reference-impl/systems/reference-systems.ts";
import { postgresStore } from "../../../reference-impl/systems/store-definitions.ts";
import { simulate } from "./simulated-system.ts";

const folder = new URL("../../../reference-impl/systems/", import.meta.url);
const suffix = ".system.ts";

/** Systems that a file has besides the one that bears its name. */
const besides = ["choreography-on-redis-streams"];

/** Databases of which several processes of one service share the tables. */
const sharedByProcesses: Readonly<Record<string, readonly string[]>> = {
  "report-db": ["worker-a", "worker-b"],
  "order-db": ["order", "order-relay"],
};

/** Starts a service that asks for the store of another one; answers the error. */
async function errorOfAskingFor(store: string): Promise<unknown> {
  let asked: unknown = null;
  const services = [
    { name: "payment", stores: ["payment-db"], start: () => serviceApp() },
    {
      name: "order",
      stores: ["order-db"],
      start: ({ postgres }: ServiceContext) => {
        try {
          postgres(store);
        } catch (error) {
          asked = error;
        }
        return serviceApp();
      },
    },
  ];
  const stores = ["order-db", "payment-db"].map((name) => postgresStore(name, async () => {}));
  await simulate({ stores, services }, async () => {});
  return asked;
}

describe("no service reads another one's database", () => {
  test("since it does not get it, though it asks", async () => {
    expect(await errorOfAskingFor("order-db")).toBeNull();
    expect(await errorOfAskingFor("payment-db")).toMatchObject({ code: "foreign-store", kind: "harness" });
  });

  test.each([...referenceSystems])("in %s each database is that of one service", (_name, build) => {
    const { stores, services } = build();
    const shared = stores
      .filter(({ kind }) => kind === "postgres" || kind === "mongodb")
      .map(({ name }) => ({
        name,
        users: services.filter((service) => service.stores.includes(name)).map((service) => service.name),
      }))
      .filter(({ users }) => users.length !== 1);
    for (const { name, users } of shared) expect(users, name).toEqual(sharedByProcesses[name]);
  });
});

describe("the systems that services can be started from", () => {
  test("are those of the files, the shop first", () => {
    const files = readdirSync(folder)
      .filter((name) => name.endsWith(suffix))
      .map((name) => name.slice(0, -suffix.length));
    expect(files.length).toBeGreaterThan(10);
    expect([...referenceSystems.keys()].toSorted()).toEqual([...files, ...besides].toSorted());
    expect([...referenceSystems.keys()][0]).toBe("shop");
  });

  test.each([...referenceSystems])("%s uses only stores and services that it has", (_name, build) => {
    const { stores, services } = build();
    const names = new Set(
      stores.flatMap((store) =>
        "replicas" in store && store.replicas !== undefined ? [store.name, ...store.replicas] : [store.name],
      ),
    );
    const known = new Set(services.map(({ name }) => name));
    expect(known.size).toBe(services.length);
    for (const service of services) {
      expect(service.stores.filter((store) => !names.has(store))).toEqual([]);
      expect((service.calls ?? []).filter((callee) => !known.has(callee))).toEqual([]);
    }
  });
});
