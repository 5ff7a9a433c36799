import type { Document } from "mongodb";
import { readDocuments, writeDocument } from "../patterns/document-failure.ts";
import {
  type ProjectedEntity,
  positionInDocument,
  projectedId,
  type ReadModelPlace,
  saveGuarded,
} from "../patterns/projected-documents.ts";

/** The position of a stream in a document of its own. */
interface PositionDocument extends Document {
  readonly _id: string;
  readonly position: number;
}

/** Notes the position, and nothing else. */
export async function savePosition(place: ReadModelPlace, stream: string, position: number): Promise<void> {
  const _id = projectedId(place.generation, stream);
  await writeDocument(() => positionsOf(place).updateOne({ _id }, { $max: { position } }, { upsert: true }));
}

/** The state from its document, the position from the other one. */
export async function loadSeparately<State>(
  place: ReadModelPlace,
  stream: string,
): Promise<ProjectedEntity<State>> {
  const _id = projectedId(place.generation, stream);
  const entity = await positionInDocument.load<State>(place, stream);
  const found = await readDocuments(() => positionsOf(place).findOne({ _id }));
  return { ...entity, position: found?.position ?? 0 };
}

/** Writes the state; the position in its document is nobody's business. */
export function saveState<State>(
  place: ReadModelPlace,
  stream: string,
  { revision }: ProjectedEntity<State>,
  after: ProjectedEntity<State>,
): Promise<boolean> {
  return saveGuarded(place, stream, revision, after);
}

function positionsOf({ database, name }: ReadModelPlace) {
  return database.collection<PositionDocument>(`${name}_positions`);
}
