import * as fc from "fast-check";
import type { Workload } from "../harness/run/scenario.ts";
import { withSessionToken } from "./session-token-client.ts";
import { uniqueValue } from "./unique-value.ts";
import { type ProfileCall, versionedProfileWorkload } from "./versioned-profile.workload.ts";

const users = 2;

/**
 * Clients read and change two profiles that all of them share, as often the one as the other, and send back
 * the session token that they were given last.
 */
export function replicatedProfilesWorkload(callTimeoutMs: number): Workload<ProfileCall> {
  const profiles = versionedProfileWorkload({ users, prepared: users, callTimeoutMs });
  const user = fc.nat(users - 1);
  return {
    ...profiles,
    operationsPerClient: { min: 8, max: 14 },
    thinkMsMax: 4,
    call: fc.oneof(
      fc.record({ do: fc.constant("read" as const), user }),
      fc.record({ do: fc.constant("update" as const), user, name: uniqueValue() }),
    ),
    // So that the order of a session's writes is examined, however many conflicts there are.
    preparation: [...profiles.preparation, { do: "update", user: 0, name: "second" }],
    // Some faults bite at the primary only, some at the replica.
    idle: (client, round) =>
      (client + round) % 2 === 0 ? { do: "read", user: 0 } : profiles.idle(client, round),
    // Twice, so that there is a later read whatever came; and an update, since a pool may be used up for updates only.
    finalReads: (plan) => [
      ...profiles.finalReads(plan),
      { do: "update", user: users - 1, name: "last" },
      ...profiles.finalReads(plan),
    ],
    perform: (asked, client) => profiles.perform(asked, withSessionToken(client)),
  };
}
