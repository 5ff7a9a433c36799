import * as fc from "fast-check";
import { fieldOf } from "../checkers/history/json-value.ts";
import type { Json } from "../checkers/history/operation.ts";
import type { Invocation, Outcome } from "../harness/run/outcome.ts";
import type { Client, Workload } from "../harness/run/scenario.ts";
import { userNodes } from "../reference-impl/systems/user.system.ts";
import { readOutcome, writeOutcome } from "./http-outcome.ts";
import { idleValue, uniqueValue } from "./unique-value.ts";
import { userClient } from "./user-client.ts";

/** One operation on a profile: `change` reads it and writes over what was read. */
export type SharedProfileCall =
  | { readonly do: "create" | "change"; readonly user: number; readonly name: string }
  | { readonly do: "read"; readonly user: number };

const everyUser = [0, 1] as const;
const node = userNodes.service;

/**
 * Clients read one of two profiles that all of them share and change what they read, as somebody does who opens a form and
 * sends it off. A service that shows versions is sent the one that was read. A change is a transaction in the
 * history: what was read, and what was written over it. Values written are unique.
 */
export function sharedProfileWorkload(callTimeoutMs: number): Workload<SharedProfileCall> {
  const user = fc.constantFrom(...everyUser);
  return {
    clients: { min: 3, max: 4 },
    operationsPerClient: { min: 5, max: 8 },
    thinkMsMax: 4,
    call: fc.oneof(
      { arbitrary: fc.record({ do: fc.constant("change" as const), user, name: uniqueValue() }), weight: 5 },
      { arbitrary: fc.record({ do: fc.constant("read" as const), user }), weight: 1 },
    ),
    preparation: everyUser.map((number) => ({ do: "create", user: number, name: `first-${number}` })),
    idle: (client, round) => ({ do: "change", user: 0, name: idleValue(client, round) }),
    finalReads: () => everyUser.map((number) => ({ do: "read", user: number })),
    invocation,
    perform: (asked, client) => perform(asked, client, callTimeoutMs),
  };
}

function invocation(call: SharedProfileCall): Invocation {
  const key = `user/${call.user}`;
  if (call.do === "read") return { f: "read", key, node };
  if (call.do === "create") return { f: "write", key, node, value: call.name };
  return { f: "txn", node, value: readAndWritten(key, null, call.name) };
}

/** The steps of a change. */
function readAndWritten(key: string, read: Json, written: Json): Json {
  return [
    ["r", key, read],
    ["w", key, written],
  ];
}

async function perform(asked: Invocation, client: Client, callTimeoutMs: number): Promise<Outcome> {
  const { f, value = null } = asked;
  const users = userClient(client, callTimeoutMs, true);
  if (f === "read") return readOutcome(await users.get(idOf(asked.key ?? "")), nameIn);
  if (f === "write") {
    return writeOutcome(await users.post(idOf(asked.key ?? ""), { name: value }), () => value);
  }
  const [, write] = value as readonly (readonly Json[])[];
  const [, key = null, name = null] = write ?? [];
  const found = await users.get(idOf(String(key)));
  if (found.kind !== "answered" || found.status !== 200) {
    return { type: "fail", error: { code: "not-looked-up" } };
  }
  const read = nameIn(found.body);
  const expectedVersion = fieldOf(found.body, "version");
  const change = { name, ...(expectedVersion === undefined ? {} : { expectedVersion }) };
  const exchange = await users.put(idOf(String(key)), change);
  return writeOutcome(exchange, () => readAndWritten(String(key), read, name));
}

function idOf(key: string): string {
  return key.replace("/", "-");
}

function nameIn(body: Json): Json {
  return fieldOf(body, "name") ?? null;
}
