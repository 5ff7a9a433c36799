import type { RandomStream } from "../../random/random-stream.ts";
import type { Scheduler } from "../scheduler.ts";
import { StoreHost } from "../store-host.ts";
import type { BsonObjectId } from "./bson-value.ts";
import { CollectionStore } from "./collection-store.ts";
import { objectIdSource } from "./object-ids.ts";

/** What a server is made of. */
export interface MongodbServerOptions {
  readonly scheduler: Scheduler;
  /** For the ids that the server itself draws. */
  readonly random: RandomStream;
  /** Its node in the network, and the name of its one database. */
  readonly name: string;
}

/**
 * A model of one MongoDB server with one database: each write of a document is one step, and what was
 * acknowledged survives a crash. What it claims, and how that is proved against a real server:
 * docs/mongodb-model.md.
 */
export class MongodbServer {
  readonly scheduler: Scheduler;
  readonly name: string;
  readonly host: StoreHost;
  /** Calls that the model refused: a run that has any is a harness error, not a finding. */
  readonly refusals: Error[] = [];
  /** Draws the id of an upserted document. */
  readonly newId: () => BsonObjectId;
  readonly #collections = new Map<string, CollectionStore>();

  constructor({ scheduler, random, name }: MongodbServerOptions) {
    this.scheduler = scheduler;
    this.name = name;
    this.host = new StoreHost(scheduler, name);
    this.newId = objectIdSource(random, scheduler);
  }

  /** Whether its process exists; also while it is stopped. */
  get up(): boolean {
    return this.host.up;
  }

  /** The process dies at once: connections break, every document stays. */
  crash(): void {
    this.host.crash();
  }

  /** Accepts connections again. Harmless when it is up already. */
  restart(): void {
    this.host.restart();
  }

  /** SIGSTOP: messages arrive, nothing is answered. */
  pause(): void {
    this.host.pause();
  }

  /** SIGCONT: works off what has arrived. */
  resume(): void {
    this.host.resume();
  }

  /** A collection; made when it is first used, as in MongoDB. */
  collection(name: string): CollectionStore {
    const known = this.#collections.get(name);
    if (known !== undefined) return known;
    const made = new CollectionStore(`${this.name}.${name}`);
    this.#collections.set(name, made);
    return made;
  }
}
