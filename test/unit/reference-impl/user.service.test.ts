import { describe, expect, test } from "vitest";
import { userSystem } from "../../../reference-impl/systems/user.system.ts";
import { type SimulatedSystem, simulate } from "./simulated-system.ts";

const users = "http://user/users";
const profile = (name: string) => ({ email: "a@example.org", name });

/** The hardened service with one user in version 1. */
function withUser<Result>(work: (system: SimulatedSystem) => Promise<Result>): Promise<Result> {
  return simulate(userSystem(), async (system) => {
    await system.request("POST", users, { id: "user-1", ...profile("first") }, "create");
    return await work(system);
  });
}

describe("the hardened user service", () => {
  test("creates, shows and changes a profile", async () => {
    await withUser(async ({ request }) => {
      const put = await request("PUT", `${users}/user-1`, { expectedVersion: 1, ...profile("second") }, "k");
      expect(put).toMatchObject({ status: 200, body: { version: 2, name: "second" } });
      expect(await request("GET", `${users}/user-1`)).toMatchObject({
        status: 200,
        body: { version: 2, name: "second" },
      });
    });
  });

  test("draws an id where the caller gives none", async () => {
    await withUser(async ({ request }) => {
      const { status, body } = await request("POST", users, profile("a"), "k");
      expect(status).toBe(201);
      expect(await request("GET", `${users}/${body.id}`)).toMatchObject({ status: 200, body: { name: "a" } });
    });
  });

  test("answers 404, 409 and 400 with a code", async () => {
    await withUser(async ({ request }) => {
      const code = async (answer: ReturnType<typeof request>) => {
        const { status, body } = await answer;
        return [status, (body.error as { code: string }).code];
      };
      const change = { expectedVersion: 1, ...profile("b") };
      expect(await code(request("GET", `${users}/user-2`))).toEqual([404, "not-found"]);
      expect(await code(request("PUT", `${users}/user-2`, change, "a"))).toEqual([404, "not-found"]);
      expect(await code(request("PUT", `${users}/user-1`, { ...change, expectedVersion: 2 }, "b"))).toEqual([
        409,
        "conflict",
      ]);
      expect(await code(request("POST", users, { id: "user-1", ...profile("b") }, "c"))).toEqual([
        409,
        "already-exists",
      ]);
      expect(await code(request("PUT", `${users}/a_b`, change, "d"))).toEqual([400, "bad-id"]);
      expect(await code(request("PUT", `${users}/user-1`, change))).toEqual([400, "bad-request-key"]);
      expect(await code(request("PUT", `${users}/user-1`, {}, "e"))).toEqual([400, "bad-body"]);
      expect(await code(request("GET", "http://user/nothing"))).toEqual([404, "no-such-route"]);
    });
  });

  test("of updates from one version that run at the same time one succeeds", async () => {
    await withUser(async ({ request }) => {
      const updates = ["a", "b", "c", "d"].map((name) =>
        request("PUT", `${users}/user-1`, { expectedVersion: 1, ...profile(name) }, name),
      );
      const statuses = (await Promise.all(updates)).map(({ status }) => status);
      expect(statuses.toSorted()).toEqual([200, 409, 409, 409]);
    });
  });

  test("gives every copy of a request the same answer, one after the other or at the same time", async () => {
    await withUser(async ({ request }) => {
      const put = () => request("PUT", `${users}/user-1`, { expectedVersion: 1, ...profile("b") }, "k");
      const answers = await Promise.all([put(), put(), put()]);
      answers.push(await put());
      for (const answer of answers) expect(answer).toMatchObject({ status: 200, body: { version: 2 } });
    });
  });

  test("a refusal is stored as well: a later copy does not succeed", async () => {
    await withUser(async ({ request }) => {
      const early = () => request("PUT", `${users}/user-1`, { expectedVersion: 2, ...profile("b") }, "early");
      expect(await early()).toMatchObject({ status: 409 });
      await request("PUT", `${users}/user-1`, { expectedVersion: 1, ...profile("c") }, "k");
      expect(await early()).toMatchObject({ status: 409 });
    });
  });

  test("a request key that comes with another request is refused", async () => {
    await withUser(async ({ request }) => {
      const answer = await request("POST", users, { id: "user-2", ...profile("b") }, "create");
      expect(answer).toMatchObject({ status: 422, body: { error: { code: "request-key-reused" } } });
    });
  });

  test("says `unavailable` while the store is down, and means it", async () => {
    await withUser(async ({ request, simulation }) => {
      simulation.port.crash("user-db");
      const put = () => request("PUT", `${users}/user-1`, { expectedVersion: 1, ...profile("b") }, "k");
      expect(await put()).toMatchObject({ status: 503, body: { error: { code: "unavailable" } } });
      expect(await request("GET", `${users}/user-1`)).toMatchObject({ status: 503 });
      simulation.port.restart("user-db");
      await simulation.scheduler.sleep(1e9);
      expect(await put()).toMatchObject({ status: 503, body: { error: { code: "unavailable" } } });
      expect(await request("GET", `${users}/user-1`)).toMatchObject({ status: 200, body: { version: 1 } });
    });
  });

  test("a COMMIT whose answer is lost is looked up, not repeated and not taken for a conflict", async () => {
    await withUser(async ({ request, simulation }) => {
      let commitSent = false;
      let lost = 0;
      simulation.port.intercept("user", "user-db", (message) => {
        commitSent ||= message.label === "commit";
        return null;
      });
      simulation.port.intercept("user-db", "user", (message) => {
        if (!commitSent || lost > 0 || message.kind !== "answer") return null;
        lost++;
        return "reset";
      });
      const put = await request("PUT", `${users}/user-1`, { expectedVersion: 1, ...profile("b") }, "k");
      expect(lost).toBe(1);
      expect(put).toMatchObject({ status: 200, body: { version: 2 } });
      expect(await request("GET", `${users}/user-1`)).toMatchObject({ body: { version: 2, name: "b" } });
    });
  });

  test("an acknowledged write survives a crash of the service and of the store", async () => {
    await withUser(async ({ request, simulation }) => {
      for (const process of ["user", "user-db"]) {
        simulation.port.crash(process);
        simulation.port.restart(process);
        await simulation.scheduler.sleep(1e9);
        expect(await request("GET", `${users}/user-1`)).toMatchObject({ status: 200, body: { version: 1 } });
      }
    });
  });
});
