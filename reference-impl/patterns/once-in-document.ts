import type { Answer } from "./answer.ts";
import { type RetryNeeds, retryStoreFailures, storeRetryPolicy } from "./bounded-retry.ts";
import { RequestCopies } from "./request-copies.ts";
import { StoreFailure } from "./store-failure.ts";
import { answerStoreTrouble } from "./store-trouble.ts";

/** Tries the work of a request once; null: somebody else changed the document meanwhile, so look again. */
export type DocumentAttempt = () => Promise<Answer | null>;

const looksMax = 20;

/**
 * Answers requests that change one document. An attempt of unknown outcome is followed by another one, which
 * finds the answer in the document or has the effect itself; that the document remembers requests keeps the
 * first from having it too. So nothing happens twice.
 */
export function onceInDocument(
  needs: RetryNeeds,
): (requestKey: string, attempt: DocumentAttempt) => Promise<Answer> {
  const copies = new RequestCopies();
  const decide = async (attempt: DocumentAttempt): Promise<Answer> => {
    for (let look = 0; look < looksMax; look++) {
      const answer = await attempt();
      if (answer !== null) return answer;
    }
    throw new StoreFailure("not-done", true, new Error("the document is changed all the time"));
  };
  return (requestKey, attempt) =>
    copies.answer(requestKey, () =>
      answerStoreTrouble(() => retryStoreFailures(needs, storeRetryPolicy, () => decide(attempt))),
    );
}
