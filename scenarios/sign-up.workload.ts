import * as fc from "fast-check";
import { fieldOf } from "../checkers/history/json-value.ts";
import type { Json } from "../checkers/history/operation.ts";
import type { Invocation, Outcome } from "../harness/run/outcome.ts";
import type { Plan } from "../harness/run/plan.ts";
import type { Client, Session, Workload } from "../harness/run/scenario.ts";
import { userNodes } from "../reference-impl/systems/user.system.ts";
import { badRequest, badRequestName } from "./bad-request.ts";
import { readOutcome, writeOutcome } from "./http-outcome.ts";
import { idleValue, uniqueValue } from "./unique-value.ts";
import { userClient } from "./user-client.ts";

/** One operation: sign up a user, look up one that this client signed up (the newest is 0), or a certain one. */
export type SignUpCall =
  | { readonly do: "sign-up"; readonly name: string }
  | { readonly do: "look-up"; readonly back: number }
  | { readonly do: "look"; readonly name: string }
  /** A sign-up without a name. */
  | { readonly do: "sign-up-badly" };

const firstUser = "first";

/**
 * Clients sign up users, each under an id of its own, and look up those that they signed up before. All
 * of them are looked up in the end. Clients ask again when they do not learn the outcome. Seldom somebody sends a sign-up that
 * lacks the name.
 */
export function signUpWorkload(callTimeoutMs: number): Workload<SignUpCall> {
  return {
    clients: { min: 4, max: 4 },
    operationsPerClient: { min: 6, max: 8 },
    thinkMsMax: 2,
    call: fc.oneof(
      { arbitrary: fc.record({ do: fc.constant("look-up" as const), back: fc.nat(2) }), weight: 20 },
      { arbitrary: fc.record({ do: fc.constant("sign-up" as const), name: uniqueValue() }), weight: 30 },
      { arbitrary: fc.constant({ do: "sign-up-badly" as const }), weight: 1 },
    ),
    preparation: [{ do: "sign-up", name: firstUser }],
    idle: (client, round) => ({ do: "sign-up", name: idleValue(client, round) }),
    finalReads,
    invocation: signUpInvocation,
    perform: (invocation, client) => perform(invocation, client, callTimeoutMs),
  };
}

/** Looks up every user that somebody tried to sign up. */
function finalReads(plan: Plan): SignUpCall[] {
  const names = plan.clients.flatMap((operations) =>
    operations.flatMap(({ call }) => fieldOf(call, "name") ?? []),
  );
  return [firstUser, ...names.map(String)].map((name) => ({ do: "look", name }));
}

function signUpInvocation(call: SignUpCall, session: Session): Invocation {
  const node = userNodes.service;
  if (call.do === "sign-up-badly") return badRequest("a sign-up without a name", node);
  if (call.do === "sign-up") return { f: "write", key: `user/${call.name}`, value: call.name, node };
  if (call.do === "look") return { f: "read", key: `user/${call.name}`, node };
  const names = signedUp(session);
  const name = names[Math.max(0, names.length - 1 - call.back)] ?? firstUser;
  return { f: "read", key: `user/${String(name)}`, node };
}

async function perform(invocation: Invocation, client: Client, callTimeoutMs: number): Promise<Outcome> {
  const { f, key = "", value = null } = invocation;
  const id = key.slice("user/".length);
  const service = userClient(client, callTimeoutMs, true);
  if (f === badRequestName)
    return writeOutcome(await service.post(`client-${client.number}`, { name: null }), () => null);
  if (f === "read") return readOutcome(await service.get(id), (body) => fieldOf(body, "name") ?? null);
  const outcome = writeOutcome(await service.post(id, { name: value }), () => value);
  if (outcome.type !== "fail") client.session.set("signed up", [...signedUp(client.session), id]);
  return outcome;
}

function signedUp(session: Session): readonly Json[] {
  const names = session.get("signed up");
  return Array.isArray(names) ? names : [];
}
