import { MongoClient } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { examineDocker } from "../../../cli/examine-docker.ts";
import { mongodbAnswers } from "../../../harness/real/components/mongodb.component.ts";
import { systemClock } from "../../../harness/time/system-clock.ts";
import { containersWith } from "../../support/real/containers-with.ts";
import { dockerHere } from "../../support/real/docker-here.ts";
import { type OpenDocker, openDocker } from "../../support/real/open-docker.ts";

const clock = systemClock();
const { images, kinds } = await dockerHere();
const STAND_IN = "MongoDB protocol stand-in";

describe.skipIf(!kinds.has("toxiproxy") || !kinds.has("mongodb"))("MongoDB in a container", () => {
  let open: OpenDocker;
  let url: string;

  beforeAll(async () => {
    const store = { kind: "mongodb", name: "products", migrate: async () => {} } as const;
    open = await openDocker(images, { stores: [store], users: new Map() }, process.pid + 2);
    url = open.stores.address("products").url;
  });

  afterAll(async () => {
    await open?.[Symbol.asyncDispose]();
    if (open !== undefined) expect(await containersWith(open.label)).toEqual([]);
  });

  test("is called a stand-in unless the server itself says that it is MongoDB, by doctor too", async () => {
    await using client = await MongoClient.connect(url);
    const { gitVersion } = await client.db("admin").command({ buildInfo: 1 });
    const label = `${gitVersion === undefined ? STAND_IN : "MongoDB"} (container of ${images.mongodb})`;
    expect(open.substrate.components.filter((name) => name.includes("MongoDB"))).toEqual([label]);
    const { possible, why } = await examineDocker(images);
    expect([possible, why.split("; ").includes(label)]).toEqual([true, true]);
    expect(why.split("MongoDB").length).toBe(2);
  });

  test("keeps what it acknowledged when it is killed, and waits while it is paused", async () => {
    const server = open.stores.process("products");
    const port = Number(new URL(url).port);
    await using client = new MongoClient(url, { serverSelectionTimeoutMS: 10_000 });
    const products = client.db().collection<{ _id: number }>("products");
    for (let _id = 0; _id < 20; _id++) await products.insertOne({ _id });
    await server.kill();
    expect([server.isUp(), await mongodbAnswers(port)]).toEqual([false, false]);
    await server.start();
    expect(await products.countDocuments()).toBe(20);
    await server.pause();
    expect([server.isUp(), await mongodbAnswers(port)]).toEqual([true, false]);
    await server.resume();
    await products.insertOne({ _id: 20 });
    await server.pause();
    await server.kill();
    await server.start();
    await server.stopGracefully();
    expect(server.isUp()).toBe(false);
    await server.start();
    expect(await products.countDocuments()).toBe(21);
    await clock.sleep(50);
    expect(open.substrate.unaskedDeath()).toBeNull();
  });
});
