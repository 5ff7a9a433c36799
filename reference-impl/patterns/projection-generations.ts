import type { Document } from "mongodb";
import type { DocumentCollection, DocumentDatabase } from "../document-database.ts";
import { isDuplicateKey, readDocuments, writeDocument } from "./document-failure.ts";

/** Which generations of a group of read models there are. */
export interface Generations {
  /** Kept up to date, so that one can go back to it. Those before it are not, and will be removed. */
  readonly oldest: number;
  /** The one that is shown. */
  readonly live: number;
  /** Above `live` while it is being built. */
  readonly newest: number;
}

interface GenerationsDocument extends Document, Generations {
  readonly _id: string;
}

/** How a group of read models begins. */
export const firstGeneration: Generations = { oldest: 1, live: 1, newest: 1 };

/** The generations of a group of read models, which are switched together. */
export class ProjectionGenerations {
  readonly #documents: DocumentCollection<GenerationsDocument>;
  readonly #name: string;

  constructor(database: DocumentDatabase, name: string) {
    this.#documents = database.collection("projection_generations");
    this.#name = name;
  }

  /** Stores the first generation, unless there are some. */
  async create(): Promise<void> {
    try {
      await this.#documents.insertOne({ _id: this.#name, ...firstGeneration });
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
  }

  async load(): Promise<Generations> {
    const found = await readDocuments(() => this.#documents.findOne({ _id: this.#name }));
    if (found === null) return firstGeneration;
    const { oldest, live, newest } = found;
    return { oldest, live, newest };
  }

  /**
   * What `read` finds in the generation that is shown; once more where that was given up meanwhile, since it may have
   * been removed, in part too, before it was read.
   */
  async readShown<Result>(read: (generation: number) => Promise<Result>): Promise<Result> {
    for (let { live } = await this.load(); ; ) {
      const result = await read(live);
      const now = await this.load();
      if (live >= now.oldest) return result;
      live = now.live;
    }
  }

  /** Begins a generation beside the one that is shown; false where one is being built. */
  async begin({ live }: Generations): Promise<boolean> {
    const $set = { oldest: live, newest: live + 1 };
    const result = await writeDocument(() =>
      this.#documents.updateOne({ _id: this.#name, live, newest: live }, { $set }),
    );
    return result.matchedCount === 1;
  }

  /** Shows the generation that was built from now on. Harmless where that was done before. */
  async finish(generation: number): Promise<void> {
    await writeDocument(() =>
      this.#documents.updateOne(
        { _id: this.#name, live: generation - 1, newest: generation },
        { $set: { live: generation } },
      ),
    );
  }
}

/** The generations that a message is applied to. The newest first: no older one is ever ahead of it. */
export function maintained({ oldest, newest }: Generations): readonly number[] {
  return Array.from({ length: newest - oldest + 1 }, (_, at) => newest - at);
}
