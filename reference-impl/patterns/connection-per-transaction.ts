import type { Kysely } from "kysely";

/** What a service does with the pool that it is given. */
export type Connections = <Tables>(pool: Kysely<Tables>) => Kysely<Tables>;

/** A connection belongs to one transaction at a time: what a pool does by itself. */
export const connectionPerTransaction: Connections = (pool) => pool;
