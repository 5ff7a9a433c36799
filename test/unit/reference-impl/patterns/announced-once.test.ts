import type { Kysely } from "kysely";
import { describe, expect, test } from "vitest";
import {
  announced,
  announcedOnce,
  withMessages,
} from "../../../../reference-impl/patterns/announced-once.ts";
import { jsonAnswer } from "../../../../reference-impl/patterns/answer.ts";
import { eventMessage } from "../../../../reference-impl/patterns/event-message.ts";
import type { OncePerRequestKey } from "../../../../reference-impl/patterns/once-per-request-key.ts";

const request = { key: "k", fingerprint: "f" };
const news = [{ topic: "t", message: eventMessage("s", 1, "happened", {}) }];
const transaction = {} as Kysely<unknown>;
const workOnce: OncePerRequestKey<unknown> = (_request, work) => work(transaction);

function announcing(once: OncePerRequestKey<unknown>) {
  const log: string[] = [];
  const announcer = {
    store: async (_transaction: unknown, messages: readonly unknown[]) => {
      log.push(`store ${messages.length}`);
    },
    send: async (messages: readonly unknown[]) => {
      log.push(`send ${messages.length}`);
    },
  };
  return { log, perform: announcedOnce(once, announcer) };
}

describe("announced once", () => {
  test("messages are stored with the work and sent after it, and the answer is the work's", async () => {
    const { log, perform } = announcing(async (asked, work) => {
      const answer = await workOnce(asked, work);
      log.push("committed");
      return answer;
    });
    const answer = await perform(request, async () => announced(jsonAnswer(201, "made"), news));
    expect(answer).toMatchObject({ status: 201, body: '"made"' });
    expect(log).toEqual(["store 1", "committed", "send 1"]);
  });

  test("a refusal announces nothing", async () => {
    const { log, perform } = announcing(workOnce);
    const refuse = withMessages(
      async () => jsonAnswer(409, "no"),
      async () => news,
    );
    expect(await perform(request, refuse)).toEqual(jsonAnswer(409, "no"));
    expect(log).toEqual(["store 0"]);
  });

  test("a success announces what was made of it in its transaction", async () => {
    const { log, perform } = announcing(workOnce);
    const seen: unknown[] = [];
    const work = withMessages(
      async () => jsonAnswer(200, "yes"),
      async (given) => {
        seen.push(given);
        return news;
      },
    );
    await perform(request, work);
    expect(seen).toEqual([transaction]);
    expect(log).toEqual(["store 1", "send 1"]);
  });

  test("work that fails announces nothing", async () => {
    const { log, perform } = announcing(workOnce);
    await expect(perform(request, async () => Promise.reject(new Error("away")))).rejects.toThrow("away");
    expect(log).toEqual([]);
  });
});
