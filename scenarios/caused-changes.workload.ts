import * as fc from "fast-check";
import { fieldOf } from "../checkers/history/json-value.ts";
import type { Json } from "../checkers/history/operation.ts";
import type { Invocation, Outcome } from "../harness/run/outcome.ts";
import type { Client, Workload } from "../harness/run/scenario.ts";
import { replicatedUserNodes } from "../reference-impl/systems/replicated-user.system.ts";
import { readOutcome, writeOutcome } from "./http-outcome.ts";
import { withSessionToken } from "./session-token-client.ts";
import { idleValue, uniqueValue } from "./unique-value.ts";
import { userClient } from "./user-client.ts";

/** One operation on a profile: `change` sets its name, from the version that the client saw last. */
export type CausedChangeCall =
  | { readonly do: "create" | "change"; readonly user: number; readonly name: string }
  | { readonly do: "read"; readonly user: number };

const everyUser = [0, 1] as const;
const node = replicatedUserNodes.service;

/**
 * Clients read and change two profiles that all of them share, as often the one as the other: so a change of one
 * follows from what was seen of the other. The history shows names, not versions: reads and writes of two registers, whose
 * values are unique. Clients send back the session token that they were given last.
 */
export function causedChangesWorkload(callTimeoutMs: number): Workload<CausedChangeCall> {
  const user = fc.constantFrom(...everyUser);
  return {
    clients: { min: 3, max: 4 },
    operationsPerClient: { min: 10, max: 16 },
    thinkMsMax: 4,
    call: fc.oneof(
      { arbitrary: fc.record({ do: fc.constant("read" as const), user }), weight: 3 },
      {
        arbitrary: fc.record({ do: fc.constant("change" as const), user, name: uniqueValue() }),
        weight: 2,
      },
    ),
    // One client reads and changes: so the order of a session's reads and writes is examined in every run.
    preparation: [
      ...everyUser.map((number) => ({ do: "create" as const, user: number, name: `first-${number}` })),
      { do: "read", user: 0 },
      { do: "change", user: 0, name: "second" },
    ],
    idle: (client, round) =>
      round % 2 === 0
        ? { do: "change", user: client % 2, name: idleValue(client, round) }
        : { do: "read", user: client % 2 },
    finalReads: () => [...everyUser, ...everyUser].map((number) => ({ do: "read", user: number })),
    invocation: (call) => {
      const at = { key: `user/${call.user}`, node };
      return call.do === "read" ? { f: "read", ...at } : { f: "write", ...at, value: call.name };
    },
    perform: (asked, client) => perform(asked, withSessionToken(client), callTimeoutMs),
  };
}

async function perform(asked: Invocation, client: Client, callTimeoutMs: number): Promise<Outcome> {
  const { f, key = "", value = null } = asked;
  const users = userClient(client, callTimeoutMs, true);
  const id = key.replace("/", "-");
  let seen: Json = null;
  const show = (body: Json): Json => {
    seen = body;
    return fieldOf(body, "name") ?? null;
  };
  const known = client.session.get(key) ?? null;
  const exchange =
    f === "read"
      ? await users.get(id)
      : isCreation(value)
        ? await users.post(id, { name: value })
        : await users.put(id, { name: value, expectedVersion: known ?? 1 });
  const outcome = f === "read" ? readOutcome(exchange, show) : writeOutcome(exchange, show);
  const version = fieldOf(seen, "version");
  if (typeof version === "number") client.session.set(key, version);
  return outcome;
}

/** The first name of a profile is that of its creation. */
function isCreation(name: Json): boolean {
  return String(name).startsWith("first-");
}
