import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { drawPlan } from "../../../harness/run/draw-plan.ts";
import type { Client } from "../../../harness/run/scenario.ts";
import { scenarios } from "../../../scenarios/index.ts";
import { ownProfileWorkload } from "../../../scenarios/own-profile.workload.ts";
import { signUpWorkload } from "../../../scenarios/sign-up.workload.ts";
import { stockWorkload } from "../../../scenarios/stock.workload.ts";
import { versionedProfileWorkload } from "../../../scenarios/versioned-profile.workload.ts";

type Answer = readonly [status: number, body: unknown];

/** A client whose requests are answered in order; what it asked for. */
function clientOf(...answers: readonly Answer[]): Client & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    number: 1,
    session: new Map(),
    clock: { timeoutSignal: () => new AbortController().signal } as unknown as Client["clock"],
    asked,
    fetch: async (url, init = {}) => {
      const [status, body] = answers[asked.length] ?? [500, null];
      asked.push(`${init.method} ${url} ${typeof init.body === "string" ? init.body : ""}`.trim());
      return new Response(JSON.stringify(body), { status });
    },
  };
}

describe("versioned profiles", () => {
  const workload = versionedProfileWorkload({ users: 1, prepared: 1, callTimeoutMs: 100 });
  const update = { do: "update", user: 0, name: "b" } as const;

  test("an update expects the version seen last, and one after a conflict becomes a read", async () => {
    const client = clientOf([200, { version: 2, name: "b" }], [409, { error: { code: "conflict" } }]);
    const first = workload.invocation(update, client.session);
    expect(first).toMatchObject({ f: "update", key: "user/0", value: { expected: 1, value: "b" } });
    expect(await workload.perform(first, client)).toEqual({
      type: "ok",
      value: { expected: 1, version: 2, value: "b" },
    });
    const second = workload.invocation(update, client.session);
    expect(second).toMatchObject({ f: "update", value: { expected: 2 } });
    expect(await workload.perform(second, client)).toEqual({ type: "fail", error: { code: "conflict" } });
    expect(workload.invocation(update, client.session)).toMatchObject({ f: "read" });
    expect(client.asked[1]).toContain('"expectedVersion":2');
  });

  test("a read shows version and value, and null where there is no profile", async () => {
    const client = clientOf([200, { version: 4, name: "d" }], [404, { error: { code: "not-found" } }]);
    const read = workload.invocation({ do: "read", user: 0 }, client.session);
    expect(await workload.perform(read, client)).toEqual({ type: "ok", value: { version: 4, value: "d" } });
    expect(workload.invocation(update, client.session)).toMatchObject({ value: { expected: 4 } });
    expect(await workload.perform(read, client)).toEqual({ type: "ok", value: null });
  });
});

describe("an own profile", () => {
  const workload = ownProfileWorkload(100);
  const write = (name: string) => ({ do: "write", name }) as const;

  test("the first write signs up, later ones change what it signed up, once it was looked at", async () => {
    const client = clientOf(
      [201, { version: 1, name: "a" }],
      [200, { version: 1, name: "a" }],
      [200, { version: 2, name: "b" }],
    );
    const signUp = workload.invocation(write("a"), client.session);
    expect(signUp).toMatchObject({ f: "write", key: "user/a", value: "a" });
    expect(await workload.perform(signUp, client)).toEqual({ type: "ok", value: "a" });
    const look = workload.invocation(write("b"), client.session);
    expect(look).toMatchObject({ f: "read", key: "user/a" });
    expect(await workload.perform(look, client)).toEqual({ type: "ok", value: "a" });
    const change = workload.invocation(write("b"), client.session);
    expect(change).toMatchObject({ f: "write", key: "user/a", value: "b" });
    expect(await workload.perform(change, client)).toEqual({ type: "ok", value: "b" });
    expect(client.asked[2]).toContain("PUT http://user/users/a");
    expect(client.asked[2]).toContain('"expectedVersion":1');
  });

  test("without a known version it looks first: a change that cannot be made is a fail, not an info", async () => {
    const client = clientOf([201, { name: "a" }], [200, { name: "a" }], [500, null]);
    const perform = async (name: string) =>
      await workload.perform(workload.invocation(write(name), client.session), client);
    await perform("a");
    expect(await perform("b")).toEqual({ type: "ok", value: "a" });
    expect(await perform("b")).toEqual({ type: "fail", error: { code: "http-500" } });
  });

  test("a sign-up that did not happen after all is made up for", async () => {
    const client = clientOf([500, null], [500, null], [404, null], [201, { version: 1 }]);
    expect(await workload.perform(workload.invocation(write("a"), client.session), client)).toMatchObject({
      type: "info",
    });
    expect(await workload.perform(workload.invocation(write("b"), client.session), client)).toMatchObject({
      type: "ok",
    });
    expect(client.asked[3]).toContain("POST");
  });
});

test("sign-ups: a look-up shows one of the client's own, the newest first", async () => {
  const workload = signUpWorkload(100);
  const client = clientOf([201, { name: "a" }], [201, { name: "b" }]);
  for (const name of ["a", "b"]) {
    await workload.perform(workload.invocation({ do: "sign-up", name }, client.session), client);
  }
  const looked = (back: number) => workload.invocation({ do: "look-up", back }, client.session).key;
  expect([looked(0), looked(1), looked(2)]).toEqual(["user/b", "user/a", "user/a"]);
});

describe("stock", () => {
  const workload = stockWorkload(100);
  const release = { do: "release", item: 0, quantity: 4 } as const;

  test("a client releases what it reserved, and no more", async () => {
    const client = clientOf([200, {}], [200, {}]);
    expect(workload.invocation(release, client.session)).toMatchObject({ f: "read" });
    const reserve = workload.invocation({ do: "reserve", item: 0, quantity: 3 }, client.session);
    expect(await workload.perform(reserve, client)).toEqual({ type: "ok", value: { quantity: 3 } });
    const released = workload.invocation(release, client.session);
    expect(released).toMatchObject({ f: "release", key: "item/0", value: { quantity: 3 } });
    await workload.perform(released, client);
    expect(workload.invocation(release, client.session)).toMatchObject({ f: "read" });
  });

  test("what may have been released is not released again; what was refused may be", async () => {
    for (const [status, f] of [
      [500, "read"],
      [409, "release"],
    ] as const) {
      const client = clientOf([200, {}], [status, null], [status, null]);
      await workload.perform(
        workload.invocation({ do: "reserve", item: 0, quantity: 3 }, client.session),
        client,
      );
      await workload.perform(workload.invocation(release, client.session), client);
      expect(workload.invocation(release, client.session)).toMatchObject({ f });
    }
  });
});

describe("every scenario", () => {
  test.each(scenarios.map((scenario) => [scenario.name, scenario] as const))(
    "%s draws plans whose written values are unique",
    (_name, scenario) => {
      for (let seed = 1; seed <= 20; seed++) {
        const plan = drawPlan(scenario, seed, "");
        const names = plan.clients.flat().flatMap(({ call }) => (call as { name?: string }).name ?? []);
        expect(new Set(names).size).toBe(names.length);
      }
    },
  );

  test("has a name of its own, a hardened form, and forms that are told apart", () => {
    expect(new Set(scenarios.map(({ name }) => name)).size).toBe(scenarios.length);
    for (const { forms, notTested } of scenarios) {
      expect(forms[0]).toMatchObject({ name: "hardened", expects: [], needs: "" });
      expect(new Set(forms.map(({ name }) => name)).size).toBe(forms.length);
      for (const form of forms.slice(1)) expect(form.expects.length, form.name).toBeGreaterThan(0);
      expect(notTested.length).toBeGreaterThan(0);
    }
  });

  test("lists what is wrong with its textbook form, each flaw once and by a checker of its own", () => {
    for (const { forms, checkers } of scenarios) {
      const names = checkers.map(({ name }) => name);
      for (const { name, flaws, expects } of forms) {
        expect(flaws !== undefined, name).toBe(name === "textbook");
        expect(new Set(flaws?.map(({ flaw }) => flaw)).size).toBe(flaws?.length ?? 0);
        for (const { checker, types } of flaws ?? []) {
          expect(names).toContain(checker);
          expect(expects).toContainEqual({ checker, types });
        }
      }
    }
  });

  test("has faults that parse what is drawn for them", () => {
    for (const { faults } of scenarios) {
      for (const { fault, params } of faults) {
        for (const drawn of fc.sample(params, { numRuns: 20, seed: 1 }))
          expect(fault.parse(drawn)).toEqual(drawn);
      }
    }
  });
});
