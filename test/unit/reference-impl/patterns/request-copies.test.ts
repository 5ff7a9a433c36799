import { describe, expect, test } from "vitest";
import { type Answer, jsonAnswer } from "../../../../reference-impl/patterns/answer.ts";
import { independentCopies, RequestCopies } from "../../../../reference-impl/patterns/request-copies.ts";
import {
  noFreeConnection,
  unavailable,
  unknownOutcome,
} from "../../../../reference-impl/patterns/store-trouble.ts";

const done = jsonAnswer(200, {});
const answer = (value: Answer) => () => Promise.resolve(value);

describe("RequestCopies", () => {
  test("once a copy was told that nothing was done, no copy does anything", async () => {
    const copies = new RequestCopies();
    let calls = 0;
    expect(await copies.answer("k", answer(unavailable()))).toBe(unavailable());
    const second = await copies.answer("k", async () => {
      calls++;
      return done;
    });
    expect(second).toBe(unavailable());
    expect(calls).toBe(0);
  });

  test("copies are refused with the words of the first one", async () => {
    const copies = new RequestCopies();
    expect(await copies.answer("k", answer(noFreeConnection()))).toBe(noFreeConnection());
    expect(await copies.answer("k", answer(done))).toBe(noFreeConnection());
    expect(await independentCopies.answer("k", answer(noFreeConnection()))).toBe(unknownOutcome());
  });

  test("while another copy is at work, nobody is told that nothing was done", async () => {
    const copies = new RequestCopies();
    const first = Promise.withResolvers<Answer>();
    const firstAnswer = copies.answer("k", () => first.promise);
    expect(await copies.answer("k", answer(unavailable()))).toBe(unknownOutcome());
    first.resolve(done);
    expect(await firstAnswer).toBe(done);
  });

  test("after a copy that had, or may have had, its effect, a failure of another is an unknown outcome", async () => {
    for (const end of [done, unknownOutcome()]) {
      const copies = new RequestCopies();
      await copies.answer("k", answer(end));
      expect(await copies.answer("k", answer(unavailable()))).toBe(unknownOutcome());
      expect(await copies.answer("k", answer(done))).toBe(done);
    }
  });

  test("a copy that throws is no longer at work", async () => {
    const copies = new RequestCopies();
    await expect(copies.answer("k", () => Promise.reject(new TypeError("mistake")))).rejects.toThrow(
      "mistake",
    );
    expect(await copies.answer("k", answer(unavailable()))).toBe(unavailable());
  });

  test("forgets the oldest keys", async () => {
    const copies = new RequestCopies(1);
    await copies.answer("old", answer(unavailable()));
    await copies.answer("new", answer(unavailable()));
    expect(await copies.answer("old", answer(done))).toBe(done);
    expect(await copies.answer("new", answer(done))).toBe(done);
  });
});
