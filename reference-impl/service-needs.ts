import type { Kysely } from "kysely";

/** The part of a clock that the services use. */
export interface ServiceClock {
  /** Milliseconds since 1970. It may jump: what is stored bears it, what is waited for does not go by it. */
  nowMs(): number;
  /** Nanoseconds since some moment; never falls, never jumps. */
  monotonicNs(): number;
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

/** What a service that keeps a ledger is given besides. */
export interface LedgerNeeds {
  /** Microseconds on a clock that all services share; never falls. What is done later has a higher number. */
  readonly nowUs: () => number;
}

/** A clock of a service that calls others. */
export interface CallerClock extends ServiceClock {
  /** A signal that aborts after `ms`, for `fetch`. */
  timeoutSignal(ms: number): AbortSignal;
}

/** `fetch`; the host of the URL is the name of a service, or what its address is. */
export type CallService = (url: string, init?: RequestInit) => Promise<Response>;

/** Writes what a service saw or did into a log that outlives it. Never fails, and nobody waits for it. */
export type RecordSeen = (kind: string, key: string, value: SeenValue) => void;

/** Plain data of a record. */
export type SeenValue =
  | null
  | boolean
  | number
  | string
  | readonly SeenValue[]
  | { readonly [field: string]: SeenValue };

/** How a service's pool is bounded: without these a stalled store would stall every request for good. */
export const poolLimits: {
  readonly max: number;
  readonly connectionTimeoutMs: number;
  readonly queryTimeoutMs: number;
} = { max: 6, connectionTimeoutMs: 200, queryTimeoutMs: 300 };
