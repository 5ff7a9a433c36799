import type { BsonDocument } from "./bson-value.ts";
import type { CollectionStore } from "./collection-store.ts";
import { type Prepared, prepare, prepareFilter } from "./prepare-command.ts";
import { compileProjection } from "./project-document.ts";
import { readCallOptions, readNumber } from "./read-call-options.ts";
import { readSort, sortDocuments } from "./sort-documents.ts";

/** Sends a query; what it is given runs at the server. */
export type RunQuery = <Value>(work: () => Value) => Promise<Value>;

/** Where a query runs. */
export interface QueryTarget {
  readonly run: RunQuery;
  readonly collection: () => CollectionStore;
  /** Notes a refusal and answers the error. */
  readonly noted: (error: unknown) => unknown;
}

/**
 * The driver's cursor over what a query finds, all of it in one answer: nothing is sent before the first
 * document is asked for.
 */
export class SimFindCursor implements AsyncIterable<BsonDocument> {
  readonly #target: QueryTarget;
  readonly #filter: unknown;
  #options: Record<string, unknown>;
  #found: BsonDocument[] | null = null;

  constructor(target: QueryTarget, filter: unknown, options: unknown) {
    this.#target = target;
    this.#filter = filter;
    this.#options = { ...(options as object | undefined) };
  }

  sort(sort: unknown, direction?: unknown): this {
    return this.#set({ sort: direction === undefined ? sort : [[sort, direction]] });
  }

  limit(limit: number): this {
    return this.#set({ limit });
  }

  skip(skip: number): this {
    return this.#set({ skip });
  }

  project(projection: unknown): this {
    return this.#set({ projection });
  }

  async toArray(): Promise<BsonDocument[]> {
    const found = await this.#load();
    return found.splice(0);
  }

  async next(): Promise<BsonDocument | null> {
    return (await this.#load()).shift() ?? null;
  }

  async hasNext(): Promise<boolean> {
    return (await this.#load()).length > 0;
  }

  async close(): Promise<void> {
    this.#found = [];
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<BsonDocument, void, void> {
    for (;;) {
      const document = await this.next();
      if (document === null) return;
      yield document;
    }
  }

  #set(options: Record<string, unknown>): this {
    this.#options = { ...this.#options, ...options };
    return this;
  }

  async #load(): Promise<BsonDocument[]> {
    if (this.#found !== null) return this.#found;
    const { run, collection } = this.#target;
    const query = this.#prepare();
    this.#found = await run(() => query()(collection()));
    return this.#found;
  }

  #prepare(): Prepared<(collection: CollectionStore) => BsonDocument[]> {
    try {
      const options = readCallOptions("find", this.#options, ["sort", "limit", "skip", "projection"]);
      const filter = prepareFilter(this.#filter);
      const skip = readNumber("find", options, "skip");
      const limit = readNumber("find", options, "limit");
      return prepare(() => {
        const order = readSort(options.sort);
        const project = compileProjection(options.projection);
        return (collection) => {
          const wanted = order.length === 0 && limit > 0 ? skip + limit : 0;
          const documents = collection.find(filter(), wanted).map(({ document }) => document);
          const sorted = sortDocuments(documents, order);
          return sorted.slice(skip, limit === 0 ? undefined : skip + limit).map(project);
        };
      });
    } catch (error) {
      throw this.#target.noted(error);
    }
  }
}
