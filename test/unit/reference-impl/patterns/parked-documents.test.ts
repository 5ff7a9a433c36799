import { expect, test } from "vitest";
import { parkDocument } from "../../../../reference-impl/patterns/parked-documents.ts";
import { received } from "../../../support/reference-impl/memory-event-bus.ts";
import { withDocuments } from "../../../support/reference-impl/simulated-documents.ts";

test("a message is set aside once, under the name of its place, with the first reason", () =>
  withDocuments(async (database) => {
    await parkDocument(database, received("{", "a"), new Error("the message is not JSON"));
    await parkDocument(database, received("{", "a"), new Error("again"));
    await parkDocument(database, { ...received("[", "b"), place: "1:1" }, "no message");
    const parked = await database.collection("parked_messages").find({}).sort({ _id: 1 }).toArray();
    expect(parked).toEqual([
      { _id: "t@0:1", stream: "a", value: "{", reason: "the message is not JSON" },
      { _id: "t@1:1", stream: "b", value: "[", reason: "no message" },
    ]);
  }));

test("it does not count as set aside where the store is away", () =>
  withDocuments(async (database, { simulation, client }) => {
    simulation.port.crash("documents");
    const parking = parkDocument(database, received("{"), new Error("the message is not JSON"));
    await expect(parking).rejects.toMatchObject({ name: "StoreFailure" });
    simulation.port.restart("documents");
    await client.clock.sleep(1000);
    expect(await database.collection("parked_messages").find({}).toArray()).toEqual([]);
  }));
