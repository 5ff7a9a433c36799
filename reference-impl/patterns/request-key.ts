import type { Kysely } from "kysely";
import type { Answer } from "./answer.ts";
import { Rollback, sqlState } from "./store-failure.ts";

/** The table of a service's database in which the answers to keyed requests are kept. */
export interface RequestKeyTables {
  request_keys: { request_key: string; fingerprint: string; status: number; body: string };
}

/** A request that changes something. */
export interface KeyedRequest {
  /** Chosen by the caller; the same for every copy of one request. */
  readonly key: string;
  /** What was asked for: a key that comes with something else is refused, not answered. */
  readonly fingerprint: string;
}

/** The fingerprint of a refusal that was filed under a key before any request came with it. */
export const withdrawnFingerprint = "withdrawn";

/** The answer that was given to a request key, and to what. */
export interface FiledAnswer extends Answer {
  readonly fingerprint: string;
}

/** Thrown inside a transaction to roll it back: another copy of the request was answered already. */
export class RepeatedRequest extends Rollback {
  override readonly name = "RepeatedRequest";

  constructor() {
    super("the request was answered already");
  }
}

/** Remembers what was answered to which request key. */
export interface RequestKeys {
  /**
   * Stores the answer in the transaction of the effect itself, so that there is never one without the
   * other. Throws {@link RepeatedRequest} when the key has an answer.
   */
  file(transaction: Kysely<RequestKeyTables>, request: KeyedRequest, answer: Answer): Promise<void>;
  find(database: Kysely<RequestKeyTables>, key: string): Promise<FiledAnswer | null>;
}

/**
 * A row for each key, under a primary key. A copy that runs at the same time waits at the insert for the
 * first one to end, also where that one's COMMIT is still under way and its client has long gone: then
 * 23505, or its turn. Refusals are filed too: a copy that comes later must not succeed.
 */
export const storedRequestKeys: RequestKeys = {
  async file(transaction, request, answer) {
    try {
      await transaction
        .insertInto("request_keys")
        .values({
          request_key: request.key,
          fingerprint: request.fingerprint,
          status: answer.status,
          body: answer.body,
        })
        .execute();
    } catch (error) {
      if (sqlState(error) === "23505") throw new RepeatedRequest();
      throw error;
    }
  },
  async find(database, key) {
    const row = await database
      .selectFrom("request_keys")
      .select(["fingerprint", "status", "body"])
      .where("request_key", "=", key)
      .executeTakeFirst();
    return row ?? null;
  },
};

/** Creates the table. */
export async function createRequestKeyTable(database: Kysely<unknown>): Promise<void> {
  await database.schema
    .createTable("request_keys")
    .addColumn("request_key", "text", (column) => column.primaryKey())
    .addColumn("fingerprint", "text", (column) => column.notNull())
    .addColumn("status", "integer", (column) => column.notNull())
    .addColumn("body", "text", (column) => column.notNull())
    .execute();
}
