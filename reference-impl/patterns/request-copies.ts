import type { Answer } from "./answer.ts";
import { isNotDone, unknownOutcome } from "./store-trouble.ts";

/** Answers the copies of a request, each by doing its work. */
export interface CopyRegister {
  answer(key: string, work: () => Promise<Answer>): Promise<Answer>;
}

/**
 * For callers that ask again under the same key until they have a definite answer: no copy answers for the
 * others, so trouble with the store is never a "certainly not done", and a later copy may still succeed.
 */
export const independentCopies: CopyRegister = {
  async answer(_key, work) {
    const answer = await work();
    return isNotDone(answer) ? unknownOutcome() : answer;
  },
};

/** How the first copies ended: all were told "certainly not done" by this answer, or one had (or may have) its effect. */
type CopyEnd = { readonly refusal: Answer } | "otherwise";

/**
 * What this process knows of the copies of a request, so that "certainly not done" holds for all of
 * them: a proxy or a client may send a request twice, and the answer to one copy must stay true whatever
 * becomes of the other. In memory, since it is needed exactly when the store cannot be reached; a copy
 * that arrives at the next process, after a restart, is not covered.
 */
export class RequestCopies implements CopyRegister {
  readonly #running = new Map<string, number>();
  readonly #ended = new Map<string, CopyEnd>();
  readonly #remembered: number;

  /** `remembered`: how many keys are kept, the newest. */
  constructor(remembered = 10_000) {
    this.#remembered = remembered;
  }

  /** Answers one copy. */
  async answer(key: string, work: () => Promise<Answer>): Promise<Answer> {
    // Another copy was told that nothing happens: from now on nothing may.
    const ended = this.#ended.get(key);
    if (ended !== undefined && ended !== "otherwise") return ended.refusal;
    this.#running.set(key, (this.#running.get(key) ?? 0) + 1);
    let answer: Answer;
    try {
      answer = await work();
    } finally {
      this.#leave(key);
    }
    if (!isNotDone(answer)) {
      this.#remember(key, "otherwise");
      return answer;
    }
    if (this.#running.has(key) || this.#ended.get(key) === "otherwise") return unknownOutcome();
    this.#remember(key, { refusal: answer });
    return answer;
  }

  #leave(key: string): void {
    const left = (this.#running.get(key) ?? 1) - 1;
    if (left === 0) this.#running.delete(key);
    else this.#running.set(key, left);
  }

  #remember(key: string, end: CopyEnd): void {
    this.#ended.set(key, end);
    if (this.#ended.size <= this.#remembered) return;
    const [oldest] = this.#ended.keys();
    if (oldest !== undefined) this.#ended.delete(oldest);
  }
}
