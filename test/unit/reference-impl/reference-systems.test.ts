import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { referenceSystems } from "../../../reference-impl/systems/reference-systems.ts";

const folder = new URL("../../../reference-impl/systems/", import.meta.url);
const suffix = ".system.ts";

/** Systems that a file has besides the one that bears its name. */
const besides = ["choreography-on-redis-streams"];

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
