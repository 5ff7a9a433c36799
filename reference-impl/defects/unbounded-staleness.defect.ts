import { anyPosition } from "../patterns/recent-position.ts";
import type { ReplicatedUserMechanisms } from "../services/user/replicated/replicated-user-mechanisms.ts";
import type { Defect } from "./defect.ts";

/** A session's token is all that counts: who has seen nothing yet is shown anything. */
export const unboundedStaleness: Defect<ReplicatedUserMechanisms> = {
  name: "unbounded-staleness",
  missing: "no look at how old a replica is: who sends no token is shown whatever it has",
  needs: "a replica that is far behind: one that lags, stops replaying, or is cut off",
  shows: [{ checker: "bounded-staleness", types: ["staleness-exceeded"] }],
  replacement: () => ({ recent: () => anyPosition }),
};
