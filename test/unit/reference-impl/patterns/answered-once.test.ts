import { describe, expect, test } from "vitest";
import { type Answer, jsonAnswer } from "../../../../reference-impl/patterns/answer.ts";
import { answeredOnce } from "../../../../reference-impl/patterns/answered-once.ts";

/** Work that counts how often it is done. */
function counting() {
  let done = 0;
  return async (): Promise<Answer> => jsonAnswer(200, ++done);
}

describe("answers that are given once", () => {
  test("go to every copy, also to one that comes while the work is under way", async () => {
    const once = answeredOnce();
    const work = counting();
    const answers = await Promise.all([once("k", work), once("k", work)]);
    answers.push(await once("k", work));
    expect(answers.map(({ body }) => body)).toEqual(["1", "1", "1"]);
    expect((await once("another", work)).body).toBe("2");
  });

  test("of work that failed are the same failure: it may have been done", async () => {
    const once = answeredOnce();
    await expect(once("k", () => Promise.reject(new Error("no answer")))).rejects.toThrow("no answer");
    await expect(once("k", counting())).rejects.toThrow("no answer");
  });

  test("are kept for so many keys, the newest", async () => {
    const once = answeredOnce(2);
    const work = counting();
    for (const key of ["a", "b", "c"]) await once(key, work);
    expect((await once("c", work)).body).toBe("3");
    expect((await once("b", work)).body).toBe("2");
    expect((await once("a", work)).body).toBe("4");
  });
});
