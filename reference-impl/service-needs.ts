import type { Kysely } from "kysely";

/** The part of a clock that the services use. */
export interface ServiceClock {
  /** Milliseconds since 1970. */
  nowMs(): number;
  sleep(ms: number): Promise<void>;
}

/** What a service with a database of its own is given when it starts. It reaches nothing else. */
export interface ServiceNeeds<Tables> {
  readonly clock: ServiceClock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly newId: () => string;
  /** A pool of connections to the service's own database. */
  readonly database: Kysely<Tables>;
}

/** How a service's pool is bounded: without these a stalled store would stall every request for good. */
export const poolLimits: {
  readonly max: number;
  readonly connectionTimeoutMs: number;
  readonly queryTimeoutMs: number;
} = { max: 6, connectionTimeoutMs: 200, queryTimeoutMs: 300 };
