import type { MongoClient, MongoClientOptions } from "mongodb";
import type { DocumentDatabase } from "../../run/store-clients.ts";

/** The constructor of the driver's client, handed in so that the driver is loaded only where it is used. */
export type MongoClientConstructor = new (url: string, options: MongoClientOptions) => MongoClient;

/** A database of a real server and what closes its connections. */
export interface RealMongodb {
  readonly database: DocumentDatabase;
  close(): Promise<void>;
}

/**
 * A driver with every wait bounded, and without its own repetition of writes: whether to ask again after a
 * lost answer is what is under test.
 */
export function createRealMongodb(MongoClient: MongoClientConstructor, url: string): RealMongodb {
  const client = new MongoClient(url, {
    directConnection: true,
    retryWrites: false,
    retryReads: false,
    serverSelectionTimeoutMS: 500,
    connectTimeoutMS: 300,
    socketTimeoutMS: 500,
    maxPoolSize: 8,
    waitQueueTimeoutMS: 300,
  });
  return { database: client.db(), close: () => client.close() };
}
