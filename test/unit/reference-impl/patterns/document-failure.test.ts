import { describe, expect, test } from "vitest";
import {
  isDuplicateKey,
  readDocuments,
  writeDocument,
} from "../../../../reference-impl/patterns/document-failure.ts";
import { StoreFailure } from "../../../../reference-impl/patterns/store-failure.ts";
import { withDocuments } from "../../../support/reference-impl/simulated-documents.ts";

/** What became of it, as its caller is told. */
async function kindOf(work: Promise<unknown>): Promise<string> {
  return await work.then(
    () => "done",
    (error: unknown) => (error instanceof StoreFailure ? error.kind : "another error"),
  );
}

describe("a write to one document", () => {
  test("whose answer is lost has an unknown outcome: here it was done", () =>
    withDocuments(async (database, { simulation }) => {
      const documents = database.collection<{ _id: string }>("d");
      await documents.insertOne({ _id: "a" });
      // The driver sends a write a second time by itself.
      const heal = simulation.port.intercept("documents", "service", ({ label }) =>
        label.startsWith("insert") ? "reset" : null,
      );
      expect(await kindOf(writeDocument(() => documents.insertOne({ _id: "b" })))).toBe("unknown");
      heal();
      expect(await documents.findOne({ _id: "b" })).toEqual({ _id: "b" });
    }));

  test("to a server that cannot be found is not done", () =>
    withDocuments(async (database, { simulation, client }) => {
      const documents = database.collection<{ _id: string }>("d");
      simulation.port.crash("documents");
      await client.clock.sleep(1000);
      await kindOf(writeDocument(() => documents.insertOne({ _id: "a" })));
      expect(await kindOf(writeDocument(() => documents.insertOne({ _id: "a" })))).toBe("not-done");
      expect(await kindOf(readDocuments(() => documents.findOne({ _id: "a" })))).toBe("not-done");
      simulation.port.restart("documents");
      await client.clock.sleep(2000);
      expect(await readDocuments(() => documents.findOne({ _id: "a" }))).toBeNull();
    }));

  test("that the server refuses comes as it is, and so do errors of one's own", () =>
    withDocuments(async (database) => {
      const documents = database.collection<{ _id: string }>("d");
      await documents.insertOne({ _id: "a" });
      const again = writeDocument(() => documents.insertOne({ _id: "a" }));
      const error = await again.then(
        () => null,
        (failure: unknown) => failure,
      );
      expect(isDuplicateKey(error)).toBe(true);
      expect(error).not.toBeInstanceOf(StoreFailure);
      const mine = Promise.reject(new TypeError("mine"));
      await expect(writeDocument(() => mine)).rejects.toThrow("mine");
      await expect(readDocuments(() => mine)).rejects.toBeInstanceOf(TypeError);
      expect(isDuplicateKey(new Error("E11000"))).toBe(false);
    }));
});
