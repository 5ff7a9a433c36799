import { describe, expect, test } from "vitest";
import type { DocumentCollection, DocumentDatabase } from "../../../../reference-impl/document-database.ts";
import {
  type OutboxDocument,
  pendingMessage,
  relayDocuments,
} from "../../../../reference-impl/patterns/document-outbox.ts";
import {
  type AnsweringDocument,
  forgetRequests,
} from "../../../../reference-impl/patterns/document-requests.ts";
import { eventMessage } from "../../../../reference-impl/patterns/event-message.ts";
import { WokenWork } from "../../../../reference-impl/patterns/woken-work.ts";
import { MemoryEventBus } from "../../../support/reference-impl/memory-event-bus.ts";
import { withDocuments } from "../../../support/reference-impl/simulated-documents.ts";

function pending(id: string, ...sequences: readonly number[]) {
  return sequences.map((sequence) =>
    pendingMessage({ topic: "t", message: eventMessage(id, sequence, "changed", null) }),
  );
}

function documentsOf(database: DocumentDatabase): DocumentCollection<OutboxDocument> {
  return database.collection<OutboxDocument>("documents");
}

function ids(bus: MemoryEventBus): string[] {
  return bus.published.map(({ value }) => String(JSON.parse(value).id));
}

describe("the relay of an outbox in documents", () => {
  test("publishes the messages of each document in their order, keyed by stream, and removes them", () =>
    withDocuments(async (database) => {
      const documents = documentsOf(database);
      const bus = new MemoryEventBus();
      await documents.insertOne({ _id: "a", pending: pending("a", 1, 2) });
      await documents.insertOne({ _id: "b", pending: pending("b", 1) });
      await documents.insertOne({ _id: "c", pending: [] });
      expect(await relayDocuments({ documents, bus })).toBe(2);
      expect(ids(bus).toSorted()).toEqual(["a#1", "a#2", "b#1"]);
      expect(
        bus.published.filter(({ key }) => key === "a").map(({ value }) => JSON.parse(value).sequence),
      ).toEqual([1, 2]);
      expect(await relayDocuments({ documents, bus })).toBe(0);
    }));

  test("keeps what could not be published, and what came while it was publishing", () =>
    withDocuments(async (database) => {
      const documents = documentsOf(database);
      const bus = new MemoryEventBus();
      await documents.insertOne({ _id: "a", pending: pending("a", 1) });
      bus.before = () => Promise.reject(new Error("away"));
      await expect(relayDocuments({ documents, bus })).rejects.toThrow("away");
      bus.before = async () => {
        const [second] = pending("a", 2);
        if (second !== undefined)
          await documents.updateOne({ _id: "a" }, { $push: { pending: second } } as object);
      };
      expect(await relayDocuments({ documents, bus })).toBe(1);
      bus.before = async () => {};
      expect(await relayDocuments({ documents, bus })).toBe(1);
      expect(ids(bus)).toEqual(["a#1", "a#2"]);
    }));
});

test("old requests are forgotten, newer ones are not", () =>
  withDocuments(async (database) => {
    const documents = database.collection<AnsweringDocument & { _id: string }>("documents");
    const request = { fingerprint: "", status: 200, body: "{}" };
    await documents.insertOne({
      _id: "a",
      requests: [
        { ...request, key: "old", atMs: 10 },
        { ...request, key: "new", atMs: 20 },
      ],
    });
    await forgetRequests(documents, 20);
    const found = await documents.findOne({ _id: "a" });
    expect(found?.requests.map(({ key }) => key)).toEqual(["new"]);
  }));

test("work in the background is done when it is woken, again after it failed, and ends when it is stopped", () =>
  withDocuments(async (_database, { client }) => {
    let done = 0;
    let fails = true;
    const work = new WokenWork(
      client.clock,
      async () => {
        if (fails) {
          fails = false;
          throw new Error("once");
        }
        done++;
      },
      { lingerMs: 5, pollMs: 1_000_000, retryMs: 100 },
    );
    work.start();
    await client.clock.sleep(50);
    expect(done).toBe(0);
    await client.clock.sleep(100);
    expect(done).toBe(1);
    work.wake();
    await client.clock.sleep(20);
    expect(done).toBe(2);
    await work.stop();
    work.wake();
    await client.clock.sleep(20);
    expect(done).toBe(2);
  }));
