import { expect, test } from "vitest";
import type { SystemDefinition } from "../../../harness/run/system.ts";
import { tokenNotPropagated } from "../../../reference-impl/defects/token-not-propagated.defect.ts";
import { unboundedStaleness } from "../../../reference-impl/defects/unbounded-staleness.defect.ts";
import {
  replicatedUserNodes,
  replicatedUserSystem,
  textbookReplicatedUserSystem,
} from "../../../reference-impl/systems/replicated-user.system.ts";
import { type SimulatedSystem, simulate } from "./simulated-system.ts";

const users = "http://user/users";
const token = "session-token";
const user = { id: "user-1", email: "a@example.org", name: "a" };

/** Writes while the replica shows nothing new, then reads with the token of the write's answer. */
async function readOwnWrite({ client, request, simulation }: SimulatedSystem) {
  // So that the service has just looked how far the primary is.
  await request("GET", `${users}/user-0`);
  const headers = { "content-type": "application/json", "idempotency-key": "k" };
  for (const replica of replicatedUserNodes.replicas) simulation.port.replica(replica).pauseReplay();
  const body = JSON.stringify({ id: "user-1", email: "a@example.org", name: "a" });
  const written = await client.fetch(users, { method: "POST", headers, body });
  const given = written.headers.get(token);
  const read = await client.fetch(`${users}/user-1`, given === null ? {} : { headers: { [token]: given } });
  return { given, status: read.status, next: read.headers.get(token) };
}

test("a write's token makes the next read go where the write is", async () => {
  const { given, status, next } = await simulate(replicatedUserSystem(), readOwnWrite);
  expect(given).toMatch(/^[0-9A-F]+\/[0-9A-F]+$/);
  expect(status).toBe(200);
  expect(next).not.toBeNull();
});

test("without a token, and behind the seed's router, the read finds nothing", async () => {
  for (const system of [replicatedUserSystem(tokenNotPropagated), textbookReplicatedUserSystem()]) {
    expect(await simulate(system, readOwnWrite)).toEqual({ given: null, status: 404, next: null });
  }
});

/** The names that readers without a token are shown `afterMs` after a change that no replica has. */
async function lookAfter({ request, simulation }: SimulatedSystem, afterMs: number) {
  await request("POST", users, user, "k");
  await simulation.scheduler.sleep(200e6);
  for (const replica of replicatedUserNodes.replicas) simulation.port.replica(replica).pauseReplay();
  await request("GET", `${users}/user-1`);
  await request("PUT", `${users}/user-1`, { expectedVersion: 1, email: "a@example.org", name: "b" }, "l");
  await simulation.scheduler.sleep(afterMs * 1e6);
  return (await request("GET", `${users}/user-1`)).body.name;
}

test("who has no token is shown what is old, but not what was replaced more than 50 ms ago", async () => {
  const look = (system: SystemDefinition, afterMs: number) =>
    simulate(system, (simulated) => lookAfter(simulated, afterMs));
  expect(await look(replicatedUserSystem(), 20)).toBe("a");
  expect(await look(replicatedUserSystem(), 100)).toBe("b");
  for (const system of [replicatedUserSystem(unboundedStaleness), textbookReplicatedUserSystem()]) {
    expect(await look(system, 5000)).toBe("a");
  }
});

/** Reads so often that both replicas are asked, of which only one shows what is new; the versions that were shown. */
async function readAtBoth({ client, request, simulation }: SimulatedSystem) {
  await request("POST", users, user, "k");
  await simulation.scheduler.sleep(50e6);
  simulation.port.replica(replicatedUserNodes.replicas[0]).pauseReplay();
  await request("PUT", `${users}/user-1`, { expectedVersion: 1, email: "a@example.org", name: "b" }, "l");
  await simulation.scheduler.sleep(50e6);
  const versions: unknown[] = [];
  let given: string | null = null;
  for (let n = 0; n < 20; n++) {
    const read: Response = await client.fetch(
      `${users}/user-1`,
      given === null ? {} : { headers: { [token]: given } },
    );
    given = read.headers.get(token) ?? given;
    versions.push(((await read.json()) as { version: unknown }).version);
  }
  return versions;
}

test("behind the seed's router a session goes to and fro between a new and an old replica", async () => {
  const versions = await simulate(textbookReplicatedUserSystem(), readAtBoth);
  expect(versions.join("")).toContain("21");
});

test("with a token a session that has seen something new never meets a replica that has not", async () => {
  for (let seed = 1; seed <= 5; seed++) {
    const versions = await simulate(replicatedUserSystem(), readAtBoth, { seed });
    expect(versions.join("")).toMatch(/^1*2+$/);
  }
});

test("replicas that cannot be reached are not missed", async () => {
  const status = await simulate(replicatedUserSystem(), async ({ request, simulation }) => {
    for (const replica of replicatedUserNodes.replicas) simulation.port.crash(replica);
    await request("POST", users, { id: "user-1", email: "a@example.org", name: "a" }, "k");
    return (await request("GET", `${users}/user-1`)).status;
  });
  expect(status).toBe(200);
});

test("a server without a free slot is an answer of its own, not a hang", async () => {
  const answers = await simulate(replicatedUserSystem(), async ({ request, simulation }) => {
    const slots = simulation.port.postgres("user-db").takeSlots();
    const write = await request("POST", users, user, "k");
    slots[Symbol.dispose]();
    return [write, await request("POST", users, user, "k"), await request("POST", users, user, "l")];
  });
  const refused = { status: 503, body: { error: { code: "no-free-connection" } } };
  expect(answers).toMatchObject([refused, refused, { status: 201 }]);
});

test("so is a pool of which all connections wait for an answer", async () => {
  const answers = await simulate(replicatedUserSystem(), async ({ request, simulation }) => {
    await request("POST", users, user, "k");
    const heal = simulation.port.intercept("user", "user-db", () => "drop");
    const writes = Array.from({ length: 9 }, (_, n) =>
      request("POST", users, { ...user, id: `user-${n}` }, `l${n}`),
    );
    const codes = (await Promise.all(writes)).map(({ body }) => (body.error as { code: string }).code);
    heal();
    return codes;
  });
  expect(answers).toContain("no-free-connection");
  expect(answers).not.toContain("unknown-outcome");
});

test("a store that is away is another answer", async () => {
  const answer = await simulate(replicatedUserSystem(), async ({ request, simulation }) => {
    simulation.port.crash("user-db");
    return await request("POST", users, user, "k");
  });
  expect(answer).toMatchObject({ status: 503, body: { error: { code: "unavailable" } } });
});
