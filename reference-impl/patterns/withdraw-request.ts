import type { Kysely } from "kysely";
import { errorAnswer } from "./answer.ts";
import { type RequestKeyTables, withdrawnFingerprint } from "./request-key.ts";

/** What a request key stands for when it is withdrawn: a request that had its effect, or one that never will. */
export type Withdrawn = "had-effect" | "never";

/**
 * Finds out, in the transaction of a compensation, whether the request that it takes back had its effect;
 * if it did not so far, sees to it that it never will.
 */
export type WithdrawRequest = (
  transaction: Kysely<RequestKeyTables>,
  requestKey: string,
) => Promise<Withdrawn>;

const withdrawn = errorAnswer(409, "withdrawn", "The request was withdrawn before it was carried out.");

/**
 * Files a refusal under the key of the request. The insert waits for a copy of it that is under way, also
 * where that one's COMMIT is still travelling; a copy that comes later finds the refusal. So a request that
 * was delayed on its way cannot succeed after its compensation.
 */
export const fileWithdrawal: WithdrawRequest = async (transaction, requestKey) => {
  const result = await transaction
    .insertInto("request_keys")
    .values({ request_key: requestKey, fingerprint: withdrawnFingerprint, ...withdrawn })
    .onConflict((conflict) => conflict.column("request_key").doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n ? "never" : await findEffect(transaction, requestKey);
};

/** Was the request answered with success? Says nothing of a copy that is still on its way. */
export const findEffect: WithdrawRequest = async (transaction, requestKey) => {
  const filed = await transaction
    .selectFrom("request_keys")
    .select("status")
    .where("request_key", "=", requestKey)
    .executeTakeFirst();
  return filed !== undefined && filed.status < 300 ? "had-effect" : "never";
};
