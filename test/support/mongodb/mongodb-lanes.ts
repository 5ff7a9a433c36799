import { MongoClient } from "mongodb";
import type { DocumentDatabase } from "../../../harness/run/store-clients.ts";
import { MongodbWorld } from "./mongodb-world.ts";
import type { MongodbLane } from "./run-calls.ts";

/** A fresh model server. */
export function modelMongodbLane(seed: number): MongodbLane & { readonly refusals: readonly Error[] } {
  const world = new MongodbWorld(seed);
  const { database } = world.process("service", 0);
  return { database, refusals: world.server.refusals, finish: (work) => world.finish(work) };
}

/** A database of a real server. */
export interface RealMongodbLane extends MongodbLane, AsyncDisposable {
  dropCollection(name: string): Promise<void>;
}

/** Connects to a real server. */
export async function realMongodbLane(url: string): Promise<RealMongodbLane> {
  const client = new MongoClient(url, { directConnection: true, retryWrites: false, retryReads: false });
  const database = client.db("db");
  await database.dropDatabase();
  return {
    database: database as unknown as DocumentDatabase,
    finish: (work) => work,
    dropCollection: async (name) => {
      await database.collection(name).drop();
    },
    [Symbol.asyncDispose]: () => client.close(),
  };
}
