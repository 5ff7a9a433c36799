import type { RandomStream } from "../../random/random-stream.ts";
import type { DocumentDatabase } from "../../run/store-clients.ts";
import type { Network } from "../network.ts";
import { refuseOthers } from "../refuse-others.ts";
import type { Scheduler } from "../scheduler.ts";
import type { Owner } from "../sim-event.ts";
import type { MongodbServer } from "./mongodb-server.ts";
import { objectIdSource } from "./object-ids.ts";
import { createSimCollection } from "./sim-collection.ts";
import { SimMongodbClient } from "./sim-mongodb-client.ts";
import { UnsupportedByMongodbModelError } from "./unsupported-by-mongodb-model-error.ts";

/** Who connects to what. */
export interface SimMongodbOptions {
  readonly scheduler: Scheduler;
  readonly network: Network;
  readonly server: MongodbServer;
  /** The client's node in the network. */
  readonly clientNode: string;
  /** The life of the client's process. */
  readonly owner: Owner;
  /** For the ids of documents that are inserted without one. */
  readonly random: RandomStream;
  /** `socketTimeoutMS`, `connectTimeoutMS` and `serverSelectionTimeoutMS` of the driver; 0: none. */
  readonly timeoutMs: number;
}

/** A MongoDB database for one process, and what to call when that process dies. */
export interface SimMongodb {
  readonly database: DocumentDatabase;
  /** Closes the process's connections at the server; its promises never settle. */
  ownerDied(): void;
}

/**
 * The database of a {@link MongodbServer}: every call is a message over the simulated network. It
 * connects when it is used. Give each life of a process its own.
 */
export function createSimMongodb(options: SimMongodbOptions): SimMongodb {
  const { scheduler, network, server, clientNode, owner, random, timeoutMs } = options;
  const client = new SimMongodbClient({
    scheduler,
    network,
    host: server.host,
    clientNode,
    owner,
    timeoutMs,
  });
  const newId = objectIdSource(random, scheduler);
  const database = {
    databaseName: server.name,
    collection: (name: string) => createSimCollection({ server, client, newId, name }),
  };
  const refuse = (member: string): Error => {
    const error = new UnsupportedByMongodbModelError(`database.${member}`, "collection");
    server.refusals.push(error);
    return error;
  };
  return {
    database: refuseOthers(database, refuse) as unknown as DocumentDatabase,
    ownerDied: () => client.abandon(),
  };
}
