import { type MakeRecentPosition, recentPosition } from "../../../patterns/recent-position.ts";
import { type RouteRead, waitForReplica } from "../../../patterns/replica-router.ts";
import { withSessionToken } from "../../../patterns/session-token.ts";
import { poolLimits } from "../../../service-needs.ts";

/** How many connections a pool may have, and how long it waits for one and for an answer; 0: for ever. */
export interface PoolBounds {
  readonly max: number;
  readonly connectionTimeoutMs: number;
  readonly queryTimeoutMs: number;
}

/** How long what a read shows may have been replaced, in ms before the read began. */
export const stalenessMsMax = 50;

/** The safety mechanisms of the replicated user service. Built at every start; a defect replaces exactly one. */
export interface ReplicatedUserMechanisms {
  readonly routeRead: RouteRead;
  /** How far a replica must be whoever reads there. */
  readonly recent: MakeRecentPosition;
  /** Hands the client its token. */
  readonly handOut: typeof withSessionToken;
  /** The bounds of each of its pools. */
  readonly pool: PoolBounds;
}

/** The mechanisms of the hardened form. */
export function hardenedReplicatedUserMechanisms(): ReplicatedUserMechanisms {
  return {
    routeRead: waitForReplica,
    recent: (clock, askPrimary) => recentPosition(clock, stalenessMsMax, askPrimary),
    handOut: withSessionToken,
    pool: { ...poolLimits, max: 3 },
  };
}
