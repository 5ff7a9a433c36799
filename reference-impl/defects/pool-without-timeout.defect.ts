import type { ReplicatedUserMechanisms } from "../services/user/replicated/replicated-user-mechanisms.ts";
import type { Defect } from "./defect.ts";

/** What is lost keeps its connection, and who waits for one waits. */
export const poolWithoutTimeout: Defect<ReplicatedUserMechanisms> = {
  name: "pool-without-timeout",
  missing:
    "neither an answer nor a free connection is waited for with a limit: a used-up pool is a hang, not a 503",
  needs: "statements or answers that are lost without a word, as many as the pool has connections",
  shows: [{ checker: "availability", types: ["slow-recovery", "unavailable"] }],
  replacement: () => ({ pool: { max: 3, connectionTimeoutMs: 0, queryTimeoutMs: 0 } }),
};
