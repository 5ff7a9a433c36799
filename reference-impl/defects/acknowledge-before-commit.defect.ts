import type { OncePerRequestKeyParts } from "../patterns/once-per-request-key.ts";
import { classifyStoreError } from "../patterns/store-failure.ts";
import type { Transact } from "../patterns/transaction-per-request.ts";
import type { Defect } from "./defect.ts";

/** Tells the outcome as soon as the work is done; the COMMIT follows, and nobody waits for it. */
const commitAfterAnswer: Transact = async (database, work) => {
  try {
    const transaction = await database.startTransaction().execute();
    const rollback = () =>
      transaction
        .rollback()
        .execute()
        .catch(() => undefined);
    try {
      const result = await work(transaction);
      transaction.commit().execute().catch(rollback);
      return result;
    } catch (error) {
      await rollback();
      throw error;
    }
  } catch (error) {
    throw classifyStoreError(error, false);
  }
};

/** The caller is told before the COMMIT is known to have worked. */
export const acknowledgeBeforeCommit: Defect<OncePerRequestKeyParts> = {
  name: "acknowledge-before-commit",
  missing: "the caller is told before the COMMIT is known to have worked",
  needs: "the COMMIT is lost (the store dies, or the connection breaks, just then), or a read overtakes it",
  shows: [
    { checker: "durability", types: ["lost-write"] },
    { checker: "read-your-writes", types: ["own-write-not-seen", "own-writes-contradict"] },
  ],
  replacement: () => ({ transact: commitAfterAnswer }),
};
