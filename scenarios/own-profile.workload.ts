import * as fc from "fast-check";
import { fieldOf } from "../checkers/history/json-value.ts";
import type { Json } from "../checkers/history/operation.ts";
import type { Invocation, Outcome } from "../harness/run/outcome.ts";
import type { Plan } from "../harness/run/plan.ts";
import type { Client, Session, Workload } from "../harness/run/scenario.ts";
import { userNodes } from "../reference-impl/systems/user.system.ts";
import { type Exchange, readOutcome, writeOutcome } from "./http-outcome.ts";
import { idleValue, uniqueValue } from "./unique-value.ts";
import { type UserClient, userClient } from "./user-client.ts";

/** One operation of a client on its own profile, or a read of the profile that was there before. */
export type OwnProfileCall =
  | { readonly do: "read" }
  | { readonly do: "write"; readonly name: string }
  | { readonly do: "look"; readonly id: string };

/** Names of writes under which a client may have signed up; the first of them that succeeds is its id. */
const signUpsLookedAt = 2;
const preparedId = "first";

/**
 * Each client signs up with its first write and from then on changes and reads its own profile, which
 * nobody else writes. So what it must read is plain even where a service shows no versions. It looks at
 * what it stored before it changes it again. Where the service has versions the client sends the one
 * that it last saw. Values written are unique.
 */
export function ownProfileWorkload(callTimeoutMs: number): Workload<OwnProfileCall> {
  return {
    clients: { min: 4, max: 4 },
    operationsPerClient: { min: 6, max: 10 },
    thinkMsMax: 2,
    call: fc.oneof(
      { arbitrary: fc.record({ do: fc.constant("read" as const) }), weight: 1 },
      { arbitrary: fc.record({ do: fc.constant("write" as const), name: uniqueValue() }), weight: 6 },
    ),
    preparation: [{ do: "write", name: preparedId }],
    idle: (client, round) => ({ do: "write", name: idleValue(client, round) }),
    finalReads,
    invocation: ownProfileInvocation,
    perform: (invocation, client) => perform(invocation, client, callTimeoutMs),
  };
}

function finalReads(plan: Plan): OwnProfileCall[] {
  const ids = [preparedId];
  for (const operations of plan.clients) {
    const names = operations.flatMap(({ call }) => fieldOf(call, "name") ?? []);
    ids.push(...names.slice(0, signUpsLookedAt).map(String));
  }
  return ids.map((id) => ({ do: "look", id }));
}

function ownProfileInvocation(call: OwnProfileCall, session: Session): Invocation {
  const node = userNodes.service;
  if (call.do === "look") return { f: "read", key: `user/${call.id}`, node };
  const own = session.get("own");
  if (call.do === "write" && !session.has("unread")) {
    return { f: "write", key: typeof own === "string" ? own : `user/${call.name}`, value: call.name, node };
  }
  return { f: "read", key: typeof own === "string" ? own : `user/${preparedId}`, node };
}

async function perform(invocation: Invocation, client: Client, callTimeoutMs: number): Promise<Outcome> {
  const { f, key = "", value = null } = invocation;
  const { session } = client;
  const id = key.slice("user/".length);
  const service = userClient(client, callTimeoutMs, true);
  if (f === "read") {
    const shown = readOutcome(await seen(service.get(id), key, session), shownName);
    if (shown.type === "ok") session.delete("unread");
    return shown;
  }
  const exchange = await (session.has("own")
    ? change(service, id, key, value, session)
    : service.post(id, { name: value }));
  await seen(Promise.resolve(exchange), key, session);
  const outcome = writeOutcome(exchange, () => value);
  // Once signed up, or perhaps so, the profile is this client's own.
  if (outcome.type === "ok") session.set("unread", true);
  if (outcome.type !== "fail") session.set("own", key);
  else if (outcome.error.code === "conflict") session.delete(versionName(key));
  return outcome;
}

/** Changes the profile from the version last seen; looks it up first where none is known. */
async function change(
  service: UserClient,
  id: string,
  key: string,
  name: Json,
  session: Session,
): Promise<Exchange> {
  let found: Exchange | null = null;
  if (!session.has(versionName(key))) {
    found = await seen(service.get(id), key, session);
    if (found.kind !== "answered") return { kind: "refused", code: found.code };
    // The sign-up whose outcome was unknown did not happen, so far.
    if (found.status === 404) return await service.post(id, { name });
    if (found.status !== 200) return { kind: "refused", code: `http-${found.status}` };
  }
  return await service.put(id, { name, expectedVersion: session.get(versionName(key)) ?? null });
}

/** Remembers the version that an answer shows, if it shows one. */
async function seen(answer: Promise<Exchange>, key: string, session: Session): Promise<Exchange> {
  const exchange = await answer;
  const version = exchange.kind === "answered" ? fieldOf(exchange.body, "version") : undefined;
  if (typeof version === "number") session.set(versionName(key), version);
  return exchange;
}

function shownName(body: Json): Json {
  return fieldOf(body, "name") ?? null;
}

function versionName(key: string): string {
  return `version of ${key}`;
}
