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
 * lost answer is what is under test. It begins to connect at once.
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
  let closed = false;
  const connecting = untilConnected(client, () => closed);
  return {
    database: client.db(),
    close: async () => {
      closed = true;
      await client.close();
      await connecting;
    },
  };
}

/**
 * Connects, however long the server is away. A driver that is left to connect by its first operation is lost
 * when that fails: it closes its topology and never opens another ("Topology is closed"). The time that it
 * looks for a server paces the attempts.
 */
async function untilConnected(client: MongoClient, isClosed: () => boolean): Promise<void> {
  while (!isClosed()) {
    try {
      await client.connect();
      return;
    } catch (error) {
      const serverIsAway = error instanceof Error && error.name === "MongoServerSelectionError";
      if (!serverIsAway) return;
    }
  }
}
