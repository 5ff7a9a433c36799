import * as fc from "fast-check";
import type { Client, Workload } from "../harness/run/scenario.ts";
import { withSessionToken } from "./session-token-client.ts";
import { uniqueValue } from "./unique-value.ts";
import { type ProfileCall, versionedProfileWorkload } from "./versioned-profile.workload.ts";

/** One operation on a profile; `look` is a read of somebody who was never there before. */
export type ReplicatedProfileCall = ProfileCall | { readonly do: "look"; readonly user: number };

const users = 2;

/**
 * Clients read and change two profiles that all of them share, as often the one as the other, and send back
 * the session token that they were given last; a look is made without one.
 */
export function replicatedProfilesWorkload(callTimeoutMs: number): Workload<ReplicatedProfileCall> {
  const profiles = versionedProfileWorkload({ users, prepared: users, callTimeoutMs });
  const user = fc.nat(users - 1);
  const looks = Array.from({ length: users }, (_, number) => ({ do: "look" as const, user: number }));
  return {
    ...profiles,
    operationsPerClient: { min: 8, max: 14 },
    thinkMsMax: 4,
    call: fc.oneof(
      { arbitrary: fc.record({ do: fc.constant("read" as const), user }), weight: 2 },
      { arbitrary: fc.record({ do: fc.constant("update" as const), user, name: uniqueValue() }), weight: 3 },
      { arbitrary: fc.record({ do: fc.constant("look" as const), user }), weight: 1 },
    ),
    // So that the order of a session's writes is examined, however many conflicts there are.
    preparation: [...profiles.preparation, { do: "update", user: 0, name: "second" }],
    // Some faults bite at the primary only, some at the replica; how old that is is seen by looks only.
    idle: (client, round) => {
      const turn = (client + round) % 4;
      if (turn === 0) return { do: "read", user: 0 };
      return turn === 2 ? { do: "look", user: 0 } : profiles.idle(client, round);
    },
    // Twice, so that there is a later read whatever came; and an update, since a pool may be used up for updates only.
    finalReads: (plan) => [
      ...profiles.finalReads(plan),
      { do: "update", user: users - 1, name: "last" },
      ...profiles.finalReads(plan),
      ...looks,
    ],
    invocation: (call, session) =>
      call.do === "look"
        ? { ...profiles.invocation({ ...call, do: "read" }, session), f: "look" }
        : profiles.invocation(call, session),
    perform: (asked, client) =>
      asked.f === "look"
        ? profiles.perform({ ...asked, f: "read" }, withoutSession(client))
        : profiles.perform(asked, withSessionToken(client)),
  };
}

/** Somebody else, who has seen nothing, and forgets what it sees. */
function withoutSession(client: Client): Client {
  return { ...client, session: new Map() };
}
