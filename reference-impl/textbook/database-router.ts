import type { Kysely } from "kysely";

/** `DatabaseRouter` of the seed ("Performance Optimization"): reads go to any read replica. */
export class DatabaseRouter<Tables> {
  readonly #writeDb: Kysely<Tables>;
  readonly #readReplicas: readonly [Kysely<Tables>, ...Kysely<Tables>[]];
  readonly #random: () => number;

  constructor(
    writeDb: Kysely<Tables>,
    readReplicas: readonly [Kysely<Tables>, ...Kysely<Tables>[]],
    random: () => number,
  ) {
    this.#writeDb = writeDb;
    this.#readReplicas = readReplicas;
    this.#random = random;
  }

  /** `get_read_connection`: `random.choice(self.read_replicas)`. */
  getReadConnection(): Kysely<Tables> {
    const at = Math.floor(this.#random() * this.#readReplicas.length);
    return this.#readReplicas[at] ?? this.#readReplicas[0];
  }

  /** `get_write_connection`. */
  getWriteConnection(): Kysely<Tables> {
    return this.#writeDb;
  }
}

/** `QueuePool(pool_size=10, max_overflow=20)`; who finds none free waits for 30 s, and for an answer for ever. */
export const seedPool: {
  readonly max: number;
  readonly connectionTimeoutMs: number;
  readonly queryTimeoutMs: number;
} = { max: 30, connectionTimeoutMs: 30_000, queryTimeoutMs: 0 };
