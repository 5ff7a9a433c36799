import type { Kysely } from "kysely";
import { type Answer, errorAnswer } from "./answer.ts";
import { type RetryNeeds, retryStoreFailures, storeRetryPolicy } from "./bounded-retry.ts";
import { type CopyRegister, RequestCopies } from "./request-copies.ts";
import {
  type KeyedRequest,
  RepeatedRequest,
  type RequestKeys,
  type RequestKeyTables,
  withdrawnFingerprint,
} from "./request-key.ts";
import { classifyStoreError, StoreFailure } from "./store-failure.ts";
import { answerStoreTrouble } from "./store-trouble.ts";
import type { Transact } from "./transaction-per-request.ts";

/** The parts that an effect-once request is made of; a defect replaces one of them. */
export interface OncePerRequestKeyParts {
  readonly transact: Transact;
  readonly requestKeys: RequestKeys;
  /** The key under which attempt n looks and files. It must not depend on the attempt. */
  readonly keyOfAttempt: (key: string, attempt: number) => string;
}

/** Performs the work of a request once, however many copies and attempts there are, and answers all alike. */
export type OncePerRequestKey<Tables> = (
  request: KeyedRequest,
  work: (transaction: Kysely<Tables>) => Promise<Answer>,
) => Promise<Answer>;

/**
 * Joins transaction, request key and bounded retry. After a COMMIT of unknown outcome the work is tried
 * again under the same key: if the first COMMIT took effect, or is about to, the insert of the key finds
 * out, the second attempt is rolled back, and the stored answer is given. So nothing happens twice, and
 * an operation never conflicts with itself.
 *
 * `copies` decides what "unavailable" may promise: see {@link RequestCopies}, and `independentCopies` for a
 * service whose callers ask again under the same key.
 */
export function oncePerRequestKey<Tables extends RequestKeyTables>(
  needs: RetryNeeds & { readonly database: Kysely<Tables> },
  parts: OncePerRequestKeyParts,
  copies: CopyRegister = new RequestCopies(),
): OncePerRequestKey<Tables> {
  const attempt = async (request: KeyedRequest, work: (transaction: Kysely<Tables>) => Promise<Answer>) => {
    try {
      return await parts.transact(needs.database, async (transaction) => {
        const answer = await work(transaction);
        await parts.requestKeys.file(keyTables(transaction), request, answer);
        return answer;
      });
    } catch (error) {
      if (!(error instanceof RepeatedRequest)) throw error;
      return await filedAnswer(parts.requestKeys, keyTables(needs.database), request);
    }
  };
  return (request, work) =>
    copies.answer(request.key, () =>
      answerStoreTrouble(() =>
        retryStoreFailures(needs, storeRetryPolicy, (number) =>
          attempt({ ...request, key: parts.keyOfAttempt(request.key, number) }, work),
        ),
      ),
    );
}

/** The answer of the copy that came first. */
async function filedAnswer(
  requestKeys: RequestKeys,
  database: Kysely<RequestKeyTables>,
  request: KeyedRequest,
): Promise<Answer> {
  let filed: Awaited<ReturnType<RequestKeys["find"]>>;
  try {
    filed = await requestKeys.find(database, request.key);
  } catch (error) {
    // The request was decided already, only its answer cannot be read: "not done" would be a lie.
    const failure = classifyStoreError(error, true);
    throw failure instanceof StoreFailure ? new StoreFailure("unknown", failure.retryable, error) : failure;
  }
  if (filed === null) throw new StoreFailure("unknown", true, "the stored answer is gone");
  if (filed.fingerprint === request.fingerprint || filed.fingerprint === withdrawnFingerprint)
    return { status: filed.status, body: filed.body };
  return errorAnswer(422, "request-key-reused", "The request key was used for a different request.");
}

/** The same connection, seen as one to the table of request keys. */
function keyTables<Tables extends RequestKeyTables>(database: Kysely<Tables>): Kysely<RequestKeyTables> {
  // Kysely's types are invariant in the tables; a database with more tables has this one too.
  return database as unknown as Kysely<RequestKeyTables>;
}
