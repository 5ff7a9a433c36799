import type { Answer } from "./answer.ts";
import { type RetryNeeds, retryStoreFailures, storeRetryPolicy } from "./bounded-retry.ts";
import { classifyStoreError } from "./store-failure.ts";
import { answerStoreTrouble } from "./store-trouble.ts";

/** Answers a request that changes nothing: any failure may be tried again, and none leaves a doubt. */
export function readStore(needs: RetryNeeds, read: () => Promise<Answer>): Promise<Answer> {
  return answerStoreTrouble(() =>
    retryStoreFailures(needs, storeRetryPolicy, async () => {
      try {
        return await read();
      } catch (error) {
        throw classifyStoreError(error, false);
      }
    }),
  );
}
