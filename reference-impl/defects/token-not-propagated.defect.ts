import type { ReplicatedUserMechanisms } from "../services/user/replicated/replicated-user-mechanisms.ts";
import type { Defect } from "./defect.ts";

/** The token is made, and nobody gets it. */
export const tokenNotPropagated: Defect<ReplicatedUserMechanisms> = {
  name: "token-not-propagated",
  missing: "answers carry no session token, so the next request of the client cannot send one back",
  needs: "a replica that is behind; its usual lag is enough",
  shows: [
    { checker: "read-your-writes", types: ["own-write-not-seen"] },
    { checker: "monotonic-reads", types: ["read-went-back"] },
    { checker: "causal", types: ["stale-session-read", "causality-violation", "commit-order-cycle"] },
    { checker: "writes-follow-reads", types: ["writes-contradict-reads"] },
  ],
  replacement: () => ({ handOut: (response) => response }),
};
