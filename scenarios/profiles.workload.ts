import * as fc from "fast-check";
import { fieldOf } from "../checkers/history/json-value.ts";
import type { Json } from "../checkers/history/operation.ts";
import type { Invocation, Outcome } from "../harness/run/outcome.ts";
import type { Client, Workload } from "../harness/run/scenario.ts";
import { profileNodes } from "../reference-impl/systems/profiles.system.ts";
import { readOutcome, send, writeOutcome } from "./http-outcome.ts";
import { askMessages } from "./message-quiet.ts";
import { idleValue, uniqueValue } from "./unique-value.ts";
import { userClient } from "./user-client.ts";

/** One operation on a profile: `user` is the last part of its id. */
export type ProfileCall =
  | { readonly do: "sign-up" | "rename"; readonly user: string; readonly name: string }
  | { readonly do: "read"; readonly user: string };

const shared = ["0", "1"] as const;
const nodes = profileNodes;

/** Clients rename two users that all of them share, and look at the replica of their profiles. */
export function profilesWorkload(callTimeoutMs: number): Workload<ProfileCall> {
  const user = fc.constantFrom(...shared);
  const rename = fc.record({ do: fc.constant("rename" as const), user, name: uniqueValue() });
  return {
    clients: { min: 3, max: 4 },
    operationsPerClient: { min: 6, max: 10 },
    thinkMsMax: 250,
    call: fc.oneof(
      { arbitrary: rename, weight: 3 },
      { arbitrary: fc.record({ do: fc.constant("read" as const), user }), weight: 2 },
    ),
    preparation: shared.map((number) => ({ do: "sign-up", user: number, name: `first-${number}` })),
    idle: (client, round) =>
      round % 2 === 1
        ? { do: "read", user: shared[0] }
        : { do: "rename", user: shared[0], name: idleValue(client, round) },
    finalReads: () => shared.map((number) => ({ do: "read", user: number })),
    isQuiet,
    invocation,
    perform: (asked, client) => perform(asked, client, callTimeoutMs),
  };
}

/** Everything that was announced is on the bus, and the replica is as new as the profiles. */
async function isQuiet(client: Client): Promise<boolean> {
  const user = await askMessages(client, nodes.user);
  if (user === null || user.unpublished > 0) return false;
  const replica = await askMessages(client, nodes.recommendation);
  return replica !== null && replica.handled === user.announced;
}

function invocation(call: ProfileCall): Invocation {
  const key = `user/user-${call.user}`;
  if (call.do === "read") return { f: "read", key, node: nodes.recommendation };
  return { f: call.do, key, node: nodes.user, value: { name: call.name } };
}

async function perform(
  { f, key = "", value = null }: Invocation,
  client: Client,
  callTimeoutMs: number,
): Promise<Outcome> {
  const id = key.slice("user/".length);
  if (f === "read") {
    const url = `http://${nodes.recommendation}/profiles/${id}`;
    const signal = client.clock.timeoutSignal(callTimeoutMs);
    return readOutcome(await send(client, { method: "GET", url, signal }), shown);
  }
  const users = userClient(client, callTimeoutMs, true);
  const name = fieldOf(value, "name") ?? null;
  if (f === "sign-up") return writeOutcome(await users.post(id, { name }), shown);
  // Whoever renames looks first, so that hardly anybody loses the race for the next version.
  const found = await users.get(id);
  if (found.kind !== "answered" || found.status !== 200) {
    return { type: "fail", error: { code: "not-looked-up" } };
  }
  const expectedVersion = fieldOf(found.body, "version") ?? null;
  return writeOutcome(await users.put(id, { name, expectedVersion }), shown);
}

/** A profile as the history shows it. */
function shown(body: Json): Json {
  return { name: fieldOf(body, "name") ?? null };
}
