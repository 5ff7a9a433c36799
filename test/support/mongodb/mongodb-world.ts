import { randomStream } from "../../../harness/random/random-stream.ts";
import type { DocumentDatabase } from "../../../harness/run/store-clients.ts";
import { createSimMongodb } from "../../../harness/sim/mongodb/create-sim-mongodb.ts";
import { MongodbServer } from "../../../harness/sim/mongodb/mongodb-server.ts";
import type { Owner } from "../../../harness/sim/sim-event.ts";
import { StoreWorld } from "../store-world.ts";

/** A process with a database. */
export interface MongodbProcess {
  readonly owner: Owner;
  readonly database: DocumentDatabase;
  /** Kills it as the process model does: first its life, then its connections. */
  die(): void;
}

/** One MongoDB model server and processes that use it. */
export class MongodbWorld extends StoreWorld {
  readonly server: MongodbServer;

  constructor(seed = 1) {
    super(seed);
    const random = randomStream(seed, "server");
    this.server = new MongodbServer({ scheduler: this.scheduler, random, name: "db" });
  }

  process(name: string, timeoutMs = 1000): MongodbProcess {
    const owner: Owner = { name, alive: true };
    const { database, ownerDied } = createSimMongodb({
      scheduler: this.scheduler,
      network: this.network,
      server: this.server,
      clientNode: name,
      owner,
      random: randomStream(this.seed, name),
      timeoutMs,
    });
    const die = (): void => {
      owner.alive = false;
      ownerDied();
    };
    return { owner, database, die };
  }
}
