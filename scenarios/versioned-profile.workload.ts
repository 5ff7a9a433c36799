import * as fc from "fast-check";
import { fieldOf } from "../checkers/history/json-value.ts";
import type { Json } from "../checkers/history/operation.ts";
import type { Invocation, Outcome } from "../harness/run/outcome.ts";
import type { Client, Session, Workload } from "../harness/run/scenario.ts";
import { userNodes } from "../reference-impl/systems/user.system.ts";
import { readOutcome, writeOutcome } from "./http-outcome.ts";
import { idleValue, uniqueValue } from "./unique-value.ts";
import { type UserClient, userClient } from "./user-client.ts";

/** One operation on a profile. `name` is what it will write. */
export type ProfileCall =
  | { readonly do: "read"; readonly user: number }
  | { readonly do: "create" | "update"; readonly user: number; readonly name: string };

/** How many profiles there are, and which of them exist before the load. */
export interface VersionedProfileOptions {
  readonly users: number;
  readonly prepared: number;
  readonly callTimeoutMs: number;
}

/**
 * Clients read, create and update a few profiles, with the version that they last saw: the first one, or
 * from a read, or from their own update. Others may have written since; a client that meets a conflict
 * forgets what it knew and reads before it writes again. Values written are unique.
 */
export function versionedProfileWorkload(options: VersionedProfileOptions): Workload<ProfileCall> {
  const everyUser = Array.from({ length: options.users }, (_, user) => user);
  const user = fc.nat(options.users - 1);
  const read = fc.record({ do: fc.constant("read" as const), user });
  const update = fc.record({ do: fc.constant("update" as const), user, name: uniqueValue() });
  const create = fc.record({ do: fc.constant("create" as const), user, name: uniqueValue() });
  const withCreation = options.prepared < options.users;
  return {
    clients: { min: 3, max: 4 },
    operationsPerClient: { min: 6, max: 10 },
    thinkMsMax: 2,
    call: fc.oneof(
      { arbitrary: read, weight: 1 },
      { arbitrary: update, weight: 5 },
      ...(withCreation ? [{ arbitrary: create, weight: 2 }] : []),
    ),
    preparation: everyUser
      .slice(0, options.prepared)
      .map((number) => ({ do: "create", user: number, name: `first-${number}` })),
    idle: (client, round) => ({ do: "update", user: 0, name: idleValue(client, round) }),
    finalReads: () => everyUser.map((number) => ({ do: "read", user: number })),
    invocation: profileInvocation,
    perform: (invocation, client) => perform(invocation, client, options.callTimeoutMs),
  };
}

function profileInvocation(call: ProfileCall, session: Session): Invocation {
  const key = `user/${call.user}`;
  const node = userNodes.service;
  if (call.do === "create") return { f: "create", key, node, value: { value: call.name } };
  const known = session.get(knownVersion(key));
  const expected = known === undefined ? firstVersion : known;
  // An update needs a version to start from: a client that knows none reads first.
  if (call.do === "read" || expected === null) return { f: "read", key, node };
  return { f: "update", key, node, value: { expected, value: call.name } };
}

async function perform(invocation: Invocation, client: Client, callTimeoutMs: number): Promise<Outcome> {
  const { f, key = "", value = null } = invocation;
  const id = key.replace("/", "-");
  const service = userClient(client, callTimeoutMs, false);
  const outcome = await ask(service, f, id, value);
  const known = knownVersion(key);
  const version = outcome.type === "ok" ? fieldOf(outcome.value, "version") : undefined;
  if (typeof version === "number") client.session.set(known, version);
  if (outcome.type === "fail" && outcome.error.code === "conflict") client.session.set(known, null);
  return outcome;
}

async function ask(service: UserClient, f: string, id: string, value: Json): Promise<Outcome> {
  if (f === "read") return readOutcome(await service.get(id), shownProfile);
  const name = fieldOf(value, "value") ?? null;
  if (f === "create") return writeOutcome(await service.post(id, { name }), shownProfile);
  const expected = fieldOf(value, "expected") ?? null;
  const exchange = await service.put(id, { name, expectedVersion: expected });
  return writeOutcome(exchange, (body) => ({ expected, ...shownProfile(body) }));
}

/** A profile as the history shows it. */
function shownProfile(body: Json): { readonly version: Json; readonly value: Json } {
  return { version: fieldOf(body, "version") ?? null, value: fieldOf(body, "name") ?? null };
}

/** What a client takes the version of a profile for before it saw one. */
const firstVersion = 1;

/** The version that a client saw last; null: it knows that it is out of date. */
function knownVersion(key: string): string {
  return `version of ${key}`;
}
