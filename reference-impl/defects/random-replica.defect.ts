import { anyReplica, type RouteRead, readAtPrimary, replicaPosition } from "../patterns/replica-router.ts";
import { laterToken } from "../patterns/session-token.ts";
import type { ReplicatedUserMechanisms } from "../services/user/replicated/replicated-user-mechanisms.ts";
import type { Defect } from "./defect.ts";

/** Primary or any replica, as chance has it, whatever the token says. */
const anywhere: RouteRead = async (needs, token, read) => {
  if (needs.random() < 0.5) return await readAtPrimary(needs, token, read);
  const replica = anyReplica(needs);
  const result = await read(replica);
  const position = await replicaPosition(replica);
  return { result, token: token === "primary" ? token : laterToken(token, position) };
};

/** Reads go anywhere, without a look at how far that is. */
export const randomReplica: Defect<ReplicatedUserMechanisms> = {
  name: "random-replica",
  missing: "a read goes to the primary or a replica by chance, without a look at how far the replica is",
  needs: "a replica that is behind; its usual lag is enough",
  shows: [
    { checker: "read-your-writes", types: ["own-write-not-seen"] },
    { checker: "monotonic-reads", types: ["read-went-back"] },
    { checker: "causal", types: ["stale-session-read", "causality-violation", "commit-order-cycle"] },
    { checker: "writes-follow-reads", types: ["writes-contradict-reads"] },
  ],
  replacement: () => ({ routeRead: anywhere }),
};
