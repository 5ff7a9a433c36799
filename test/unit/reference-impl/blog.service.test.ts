import { describe, expect, test } from "vitest";
import { replyBeforeComment } from "../../../reference-impl/defects/reply-before-comment.defect.ts";
import { stickySessionLostOnFailover } from "../../../reference-impl/defects/sticky-session-lost-on-failover.defect.ts";
import { withTheirComments } from "../../../reference-impl/services/comment-reader/shown-entries.ts";
import { entryTopics } from "../../../reference-impl/services/comments/entry-news.ts";
import { blogSystem } from "../../../reference-impl/systems/blog.system.ts";
import { type SimulatedSystem, simulate } from "./simulated-system.ts";

const entries = "http://blog/entries";
const comment = { id: "c", author: "ann", after_id: null, text: "hello" };

/** Writes in a session at reader a, then reads in it while a is down and b has not got the entry. */
async function moveToOtherReader({ client, simulation }: SimulatedSystem) {
  const session = JSON.stringify({ reader: 0, seen: {} });
  const headers = { "content-type": "application/json", "idempotency-key": "k", "blog-session": session };
  const held = simulation.port.pause("reader-b-db");
  const written = await client.fetch(entries, { method: "POST", headers, body: JSON.stringify(comment) });
  const next = written.headers.get("blog-session") ?? "";
  simulation.port.crash("reader-a");
  const release = client.clock.sleep(100).then(() => held?.resume());
  const read = await client.fetch(`${entries}/c`, { headers: { "blog-session": next } });
  await release;
  return { seen: JSON.parse(next).seen as unknown, status: read.status };
}

/** What a stranger is shown at a reader that has a reply, while the topic of comments is late. */
async function lookAtReplyWithoutComment({ request, client, simulation }: SimulatedSystem) {
  simulation.port.kafka("kafka").delayDelivery(entryTopics.comments, 60_000);
  expect((await request("POST", entries, comment, "k1")).status).toBe(200);
  const reply = { ...comment, id: "r", after_id: "c" };
  expect((await request("POST", entries, reply, "k2")).status).toBe(200);
  for (let attempt = 0; attempt < 500; attempt++) {
    if ((await request("GET", "http://reader-a/messages")).body.handled === 1) {
      return (await request("GET", "http://reader-a/entries")).body.entries;
    }
    await client.clock.sleep(20);
  }
  throw new Error("the reply did not arrive");
}

describe("the blog", () => {
  test("shows an entry to its author at once, and lists a reply with its comment", async () => {
    await simulate(blogSystem(), async ({ client }) => {
      let session = "";
      const call = async (path: string, init: RequestInit = {}, key = "") => {
        const headers: Record<string, string> = {
          "content-type": "application/json",
          "idempotency-key": key,
        };
        if (session !== "") headers["blog-session"] = session;
        const response = await client.fetch(`${entries}${path}`, { ...init, headers });
        session = response.headers.get("blog-session") ?? session;
        return { status: response.status, body: (await response.json()) as { entries?: unknown[] } };
      };
      const write = (entry: object, key: string) =>
        call("", { method: "POST", body: JSON.stringify(entry) }, key);
      expect((await write(comment, "k1")).status).toBe(200);
      expect((await write({ ...comment, id: "r", after_id: "c", author: "bob" }, "k2")).status).toBe(200);
      expect((await write({ ...comment, id: "r2", after_id: "none" }, "k3")).status).toBe(404);
      expect((await write({ ...comment, author: "bob" }, "k4")).status).toBe(409);
      // The first reads of a run wait for the readers to join their groups.
      let listed = await call("");
      for (let attempt = 0; attempt < 50 && listed.status === 503; attempt++) listed = await call("");
      expect(listed.body.entries).toHaveLength(2);
    });
  });

  test("never shows less at the other reader, unless the session is lost on the way", async () => {
    const kept = await simulate(blogSystem(), moveToOtherReader);
    expect(kept.seen).toEqual({ "comments/ann": 1 });
    expect([200, 503]).toContain(kept.status);
    expect((await simulate(blogSystem(stickySessionLostOnFailover), moveToOtherReader)).status).toBe(404);
  });

  test("shows no reply whose comment is late, unless it is shown as soon as it arrives", async () => {
    expect(await simulate(blogSystem(), lookAtReplyWithoutComment)).toEqual([]);
    const shown = await simulate(blogSystem(replyBeforeComment), lookAtReplyWithoutComment);
    expect(shown).toEqual([{ ...comment, id: "r", after_id: "c" }]);
  });

  test("holds a reply back until its comment is there", () => {
    const reply = { ...comment, id: "r", after_id: "c" };
    expect(withTheirComments([reply])).toEqual([]);
    expect(withTheirComments([reply, comment])).toEqual([reply, comment]);
  });
});
