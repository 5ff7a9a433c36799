import { describe, expect, test } from "vitest";
import type { Profile } from "../../../reference-impl/services/user/announcing/profile-message.ts";
import { profileSystem, textbookProfileSystem } from "../../../reference-impl/systems/profiles.system.ts";
import { BaseConsistencyExample } from "../../../reference-impl/textbook/base-consistency-example.ts";
import { type SimulatedSystem, simulate } from "./simulated-system.ts";

const users = "http://user/users";
const email = "a@example.org";

async function replicaAt({ client, request }: SimulatedSystem, version: number) {
  for (;;) {
    const { body } = await request("GET", "http://recommendation/profiles/a");
    if (body.version === version) return body;
    await client.clock.sleep(50);
  }
}

describe.each([
  ["hardened", profileSystem],
  ["textbook", textbookProfileSystem],
] as const)("profiles in the %s form", (_name, systemOf) => {
  test("get to the replica", () =>
    simulate(systemOf(), async (system) => {
      const { request } = system;
      await request("POST", users, { id: "a", email, name: "first" }, "k1");
      // The seed's two updates would race each other to the replica.
      await replicaAt(system, 1);
      await request("PUT", `${users}/a`, { expectedVersion: 1, email, name: "second" }, "k2");
      expect(await replicaAt(system, 2)).toEqual({ userId: "a", version: 2, email, name: "second" });
    }));
});

test("the replica answers 400 and 404 to what cannot be asked for", () =>
  simulate(profileSystem(), async ({ request }) => {
    expect(await request("GET", "http://recommendation/profiles/-")).toMatchObject({ status: 400 });
    expect(await request("GET", "http://recommendation/profiles/none")).toMatchObject({ status: 404 });
    expect(await request("GET", "http://recommendation/ready")).toMatchObject({ status: 200 });
  }));

test("a conflict is announced to nobody", () =>
  simulate(profileSystem(), async (system) => {
    const { request } = system;
    await request("POST", users, { id: "a", email, name: "first" }, "k1");
    const change = { expectedVersion: 1, email, name: "second" };
    await request("PUT", `${users}/a`, change, "k2");
    expect(await request("PUT", `${users}/a`, { ...change, name: "third" }, "k3")).toMatchObject({
      status: 409,
    });
    expect((await request("GET", "http://user/messages")).body).toMatchObject({ announced: 2 });
    expect(await replicaAt(system, 2)).toMatchObject({ name: "second" });
  }));

test("the seed's queue puts an update that failed behind the one that came after it", async () => {
  const propagated: number[] = [];
  let failures = 1;
  let finish: () => void = () => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const example = new BaseConsistencyExample({
    clock: { nowMs: () => 0, monotonicNs: () => 0, sleep: async () => {} },
    updateRelatedServices: async ({ version }) => {
      if (failures-- > 0) throw new Error("away");
      propagated.push(version);
      if (propagated.length === 2) finish();
    },
  });
  const profile = (version: number): Profile => ({ userId: "a", version, email, name: "n" });
  example.queueUpdate(profile(1));
  example.queueUpdate(profile(2));
  await finished;
  expect(propagated).toEqual([2, 1]);
});
