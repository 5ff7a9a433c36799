import { type Answer, errorAnswer } from "./answer.ts";
import { StoreFailure } from "./store-failure.ts";

const unavailableAnswer = errorAnswer(
  503,
  "unavailable",
  "The store cannot be reached. Nothing was done, and nothing will be: ask again with a new request key.",
);
const unknownAnswer = errorAnswer(
  503,
  "unknown-outcome",
  "The store did not answer. It may have been done; ask again with the same request key.",
);

/** 503: certainly not done. */
export function unavailable(): Answer {
  return unavailableAnswer;
}

/** 503: may have been done, or may yet be. */
export function unknownOutcome(): Answer {
  return unknownAnswer;
}

/** Does the answer say "certainly not done"? */
export function isUnavailable(answer: Answer): boolean {
  return answer === unavailableAnswer;
}

/** Answers for work that ran into trouble with the store; any other error is passed on. */
export async function answerStoreTrouble(work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof StoreFailure)) throw error;
    return error.kind === "unknown" ? unknownOutcome() : unavailable();
  }
}
