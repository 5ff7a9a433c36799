import type { Document, Filter } from "mongodb";
import type { DocumentCollection, DocumentDatabase } from "../document-database.ts";
import { isDuplicateKey, readDocuments, writeDocument } from "./document-failure.ts";
import type { EventMessage } from "./event-message.ts";

/** What a read model knows of one stream. */
export interface ProjectedEntity<State> {
  /** The sequence of the last message whose effect is in the state; 0: none. */
  readonly position: number;
  /** Null: nothing is there, or not yet. */
  readonly state: State | null;
  /** Messages that came before one that precedes them, by their sequence. */
  readonly early: readonly EventMessage[];
  /** Rises with every write. */
  readonly revision: number;
}

/** A {@link ProjectedEntity} as it is stored: one document per stream and generation. */
export interface ProjectedDocument<State> extends Document, ProjectedEntity<State> {
  /** {@link projectedId}. */
  readonly _id: string;
  readonly generation: number;
  readonly stream: string;
}

/** One generation of a read model. */
export interface ReadModelPlace {
  readonly database: DocumentDatabase;
  /** Name of its collection. */
  readonly name: string;
  readonly generation: number;
}

/** The `_id` of a stream in a generation. */
export function projectedId(generation: number, stream: string): string {
  return `${generation}:${stream}`;
}

/** The documents of a read model, of all its generations. */
export function projectedDocuments<State>({
  database,
  name,
}: Pick<ReadModelPlace, "database" | "name">): DocumentCollection<ProjectedDocument<State>> {
  return database.collection<ProjectedDocument<State>>(name);
}

/** Where a read model and the positions that it has reached are kept. */
export interface ProjectedStore {
  load<State>(place: ReadModelPlace, stream: string): Promise<ProjectedEntity<State>>;
  /** Stores what comes after `before`; false where that is not what is stored any more. */
  save<State>(
    place: ReadModelPlace,
    stream: string,
    before: ProjectedEntity<State>,
    after: ProjectedEntity<State>,
  ): Promise<boolean>;
}

/**
 * State and position in one document, hence in one write, guarded by the revision that was read: there is never
 * an effect without its position, nor a position without its effect, and of two writers one starts again.
 */
export const positionInDocument: ProjectedStore = {
  load: async <State>(place: ReadModelPlace, stream: string) => {
    const documents = projectedDocuments<State>(place);
    const _id = projectedId(place.generation, stream);
    const found = await readDocuments(() =>
      documents.findOne({ _id } as Filter<ProjectedDocument<State>>, {
        projection: { position: 1, state: 1, early: 1, revision: 1 },
      }),
    );
    return found ?? { position: 0, state: null, early: [], revision: 0 };
  },
  save: (place, stream, before, after) => saveGuarded(place, stream, before.revision, after),
};

/** Writes a document over the one with this revision; 0: over none. */
export async function saveGuarded<State>(
  place: ReadModelPlace,
  stream: string,
  revision: number,
  { position, state, early }: ProjectedEntity<State>,
): Promise<boolean> {
  const { generation } = place;
  const documents = place.database.collection<ProjectedDocument<unknown>>(place.name);
  const _id = projectedId(generation, stream);
  const fields = { position, state, early, revision: revision + 1 };
  if (revision > 0) {
    const result = await writeDocument(() => documents.updateOne({ _id, revision }, { $set: fields }));
    return result.matchedCount === 1;
  }
  try {
    await writeDocument(() => documents.insertOne({ _id, generation, stream, ...fields }));
    return true;
  } catch (error) {
    if (isDuplicateKey(error)) return false;
    throw error;
  }
}
