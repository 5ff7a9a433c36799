import type { Answer } from "./answer.ts";

/** Answers all copies of a request alike. */
export type AnsweredOnce = (key: string, work: () => Promise<Answer>) => Promise<Answer>;

/**
 * Does the work of a request once in this process, and gives its answer to every copy of it, also to those
 * that come while it is under way. In memory: for what ends with the process anyway, such as a lease that it
 * holds. `remembered`: how many keys are kept, the newest.
 */
export function answeredOnce(remembered = 10_000): AnsweredOnce {
  const answers = new Map<string, Promise<Answer>>();
  return (key, work) => {
    const known = answers.get(key);
    if (known !== undefined) return known;
    const answer = work();
    answers.set(key, answer);
    if (answers.size > remembered) {
      const [oldest] = answers.keys();
      if (oldest !== undefined) answers.delete(oldest);
    }
    return answer;
  };
}
