import { type Answer, errorAnswer } from "./answer.ts";
import { StoreFailure } from "./store-failure.ts";

const unavailableAnswer = errorAnswer(
  503,
  "unavailable",
  "The store cannot be reached. Nothing was done, and nothing will be: ask again with a new request key.",
);
const noFreeConnectionAnswer = errorAnswer(
  503,
  "no-free-connection",
  "No connection to the store was free in time: all are in use. Nothing was done, and nothing will be: ask again later, with a new request key.",
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

/** 503: certainly not done, since no connection was free; the store itself may be well. */
export function noFreeConnection(): Answer {
  return noFreeConnectionAnswer;
}

/** 503: may have been done, or may yet be. */
export function unknownOutcome(): Answer {
  return unknownAnswer;
}

/** Does the answer say "certainly not done"? */
export function isNotDone(answer: Answer): boolean {
  return answer === unavailableAnswer || answer === noFreeConnectionAnswer;
}

/** Answers for work that ran into trouble with the store; any other error is passed on. */
export async function answerStoreTrouble(work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof StoreFailure)) throw error;
    if (error.kind === "unknown") return unknownOutcome();
    return error.noFreeConnection ? noFreeConnection() : unavailable();
  }
}
