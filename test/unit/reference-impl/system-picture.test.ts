import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Plan } from "../../../harness/run/plan.ts";
import { shopSystem } from "../../../reference-impl/systems/shop.system.ts";
import { wholeShopWorkload } from "../../../scenarios/whole-shop.workload.ts";

const root = new URL("../../../", import.meta.url);
const picture = readFileSync(new URL("docs/pictures/system.svg", root), "utf8");

function drawn(pattern: RegExp): string[] {
  return [...picture.matchAll(pattern)].map(([, ...names]) => names.join(" ")).toSorted();
}

/** The services that the clients of the shop's scenario call. */
function called(): Set<string> {
  const workload = wholeShopWorkload(1000);
  const nothing: Plan = { clients: [], faults: [], schedule: { seed: 1, latencyMaxUs: 1 } };
  const calls = [
    ...fc.sample(workload.call, { numRuns: 200, seed: 1 }),
    ...workload.preparation,
    ...workload.finalReads(nothing),
  ];
  return new Set(calls.map((call) => workload.invocation(call, new Map()).node));
}

test("the picture of the system shows the shop: its services, its stores and every edge", () => {
  const { services, stores } = shopSystem();
  const replications = stores.flatMap((store) =>
    "replicas" in store && store.replicas !== undefined
      ? store.replicas.map((replica) => [store.name, replica] as const)
      : [],
  );
  expect(drawn(/data-service="([^"]+)"/g)).toEqual(services.map(({ name }) => name).toSorted());
  expect(drawn(/data-store="([^"]+)"/g)).toEqual(
    [...stores.map(({ name }) => name), ...replications.map(([, replica]) => replica)].toSorted(),
  );
  const edges = [
    ...[...called()].map((name) => `clients ${name}`),
    ...services.flatMap(({ name, stores: used, calls = [] }) =>
      [...used, ...calls].map((server) => `${name} ${server}`),
    ),
    ...replications.map((pair) => pair.join(" ")),
  ];
  expect(drawn(/data-from="([^"]+)" data-to="([^"]+)"/g)).toEqual(edges.toSorted());
});
