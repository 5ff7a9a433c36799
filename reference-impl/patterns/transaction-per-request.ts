import type { Kysely } from "kysely";
import { classifyStoreError } from "./store-failure.ts";

/**
 * Runs work in one transaction. Resolves when its outcome may be told to others; rejects with a
 * `StoreFailure`, or with what the work itself threw, after the transaction was rolled back.
 */
export type Transact = <Tables, Result>(
  database: Kysely<Tables>,
  work: (transaction: Kysely<Tables>) => Promise<Result>,
) => Promise<Result>;

/** One transaction on a connection of its own, committed before anybody hears of it. */
export const commitBeforeAnswer: Transact = async (database, work) => {
  let commitSent = false;
  let refusal: { readonly error: unknown } | null = null;
  try {
    return await database.transaction().execute(async (transaction) => {
      try {
        const result = await work(transaction);
        commitSent = true;
        return result;
      } catch (error) {
        // Kept, since a ROLLBACK that fails on a dead connection would hide the reason for it.
        refusal = { error };
        throw error;
      }
    });
  } catch (error) {
    throw classifyStoreError((refusal as { readonly error: unknown } | null)?.error ?? error, commitSent);
  }
};
