import type { Kysely } from "kysely";
import type { Clock } from "../time/clock.ts";

/** `fetch` as the system hands it out: the host of the URL is the name of a service. */
export type ServiceFetch = (url: string, init?: RequestInit) => Promise<Response>;

/** How many connections a service may have, and how long it waits for one and for an answer. */
export interface PoolLimits {
  readonly max: number;
  readonly connectionTimeoutMs: number;
  readonly queryTimeoutMs: number;
}

/** What a service is given when it starts. It reaches nothing of the world but through this. */
export interface ServiceContext {
  readonly name: string;
  readonly clock: Clock;
  /** Ids in the form of a version 4 UUID; drawn from the plan's seed in the sim lane. */
  readonly newId: () => string;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly fetch: ServiceFetch;
  /** A pool on one of the stores that the service's definition names. */
  postgres<Database>(store: string, limits?: Partial<PoolLimits>): Kysely<Database>;
}

/** A started service: whatever answers HTTP requests, such as a Hono application. */
export interface HttpService {
  fetch(request: Request): Response | Promise<Response>;
}

/** A service: one process with an HTTP interface. `start` runs at every start, also after a crash. */
export interface ServiceDefinition {
  readonly name: string;
  readonly stores: readonly string[];
  start(context: ServiceContext): HttpService | Promise<HttpService>;
}

/** A PostgreSQL server of its own. `migrate` runs once, before any service starts. */
export interface StoreDefinition {
  readonly name: string;
  readonly kind: "postgres";
  migrate(database: Kysely<unknown>): Promise<void>;
}

/** The services and stores of one form of a system, independent of the lane. */
export interface SystemDefinition {
  readonly stores: readonly StoreDefinition[];
  readonly services: readonly ServiceDefinition[];
}
