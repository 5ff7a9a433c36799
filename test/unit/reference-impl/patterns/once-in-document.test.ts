import { describe, expect, test } from "vitest";
import { type Answer, jsonAnswer } from "../../../../reference-impl/patterns/answer.ts";
import { onceInDocument } from "../../../../reference-impl/patterns/once-in-document.ts";
import { StoreFailure } from "../../../../reference-impl/patterns/store-failure.ts";
import { withDocuments } from "../../../support/reference-impl/simulated-documents.ts";

const yes = jsonAnswer(200, "yes");
const away = (kind: "not-done" | "unknown") => new StoreFailure(kind, true, new Error("away"));

/** Performs an attempt that ends like this, one after the other; answers the answer and how often it was tried. */
function perform(...ends: readonly (Answer | null | Error)[]): Promise<{ answer: Answer; tries: number }> {
  return withDocuments(async (_database, { client }) => {
    let tries = 0;
    const once = onceInDocument({ clock: client.clock, random: () => 0 });
    const answer = await once("k", async () => {
      const end = ends[Math.min(tries++, ends.length - 1)] ?? null;
      if (end instanceof Error) throw end;
      return end;
    });
    return { answer, tries };
  });
}

const code = ({ body }: Answer) => JSON.parse(body).error?.code ?? JSON.parse(body).code;

describe("a request that changes one document", () => {
  test("is tried again after somebody else changed it, or its outcome was unknown", async () => {
    expect(await perform(yes)).toEqual({ answer: yes, tries: 1 });
    expect(await perform(null, null, yes)).toEqual({ answer: yes, tries: 3 });
    // More often than a store in trouble is asked: somebody else got on with it each time.
    expect(await perform(...Array(15).fill(null), yes)).toEqual({ answer: yes, tries: 16 });
    expect(await perform(away("unknown"), yes)).toEqual({ answer: yes, tries: 2 });
  });

  test("is not tried for good: it is certainly not done where no attempt was sent, else unknown", async () => {
    const notDone = await perform(away("not-done"));
    expect([notDone.answer.status, code(notDone.answer), notDone.tries]).toEqual([503, "unavailable", 6]);
    const unknown = await perform(away("unknown"), away("not-done"));
    expect([unknown.answer.status, code(unknown.answer), unknown.tries]).toEqual([503, "unknown-outcome", 6]);
    const changing = await perform(null);
    expect([changing.answer.status, code(changing.answer)]).toEqual([503, "unavailable"]);
  });

  test("fails as it is for what is no trouble with the store", async () => {
    await expect(perform(new Error("a bug"))).rejects.toThrow("a bug");
  });
});
