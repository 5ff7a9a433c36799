import type { DocumentDatabase } from "../document-database.ts";
import type { ServiceClock } from "../service-needs.ts";
import { readDocuments, writeDocument } from "./document-failure.ts";
import type { HandleMessage, ReceivedMessage } from "./event-bus.ts";
import { decodeMessage, type EventMessage } from "./event-message.ts";
import { definiteFailuresMax } from "./idempotent-consumer.ts";
import { parkDocument } from "./parked-documents.ts";
import { projectedDocuments } from "./projected-documents.ts";
import { applyMessage, type Projection, type ProjectionMechanisms } from "./projection.ts";
import { type Generations, maintained, type ProjectionGenerations } from "./projection-generations.ts";
import { StoreFailure } from "./store-failure.ts";

/** Read models that are fed by one log and shown together. */
export interface ReadModels {
  readonly database: DocumentDatabase;
  readonly generations: ProjectionGenerations;
  /** The first one is the one whose progress is told. */
  readonly projections: readonly [Projection<unknown>, ...Projection<unknown>[]];
  readonly mechanisms: ProjectionMechanisms;
  readonly clock: ServiceClock;
  /**
   * Told of each message whose effect the first read model of the shown generation has from now on, once at most: not
   * where the answer to the write was lost.
   */
  readonly applied: (message: EventMessage) => void;
}

const backoffMsFirst = 20;
const backoffMsMax = 500;

/**
 * Keeps read models up to date with a log: applies each message to all generations, until that has succeeded or
 * the message was set aside as one that nothing can be done with. Only then is the bus told that it is done.
 */
export function projectionConsumer(models: ReadModels): HandleMessage {
  return async (received) => {
    let definiteFailures = 0;
    for (let attempt = 0; ; attempt++) {
      try {
        return await projectMessage(models, received);
      } catch (error) {
        if (!(error instanceof StoreFailure && error.retryable)) definiteFailures++;
        if (definiteFailures >= definiteFailuresMax && (await parked(models, received, error))) return;
      }
      await models.clock.sleep(Math.min(backoffMsFirst * 2 ** attempt, backoffMsMax));
      await received.keep();
    }
  };
}

/**
 * Applies a message to one generation of all read models. `applied` is told of the effects in the first one as soon as
 * they are there: a repetition after a failure of another one would not find them new.
 */
export async function applyToGeneration(
  { database, projections, mechanisms }: ReadModels,
  message: EventMessage,
  generation: number,
  applied: (messages: readonly EventMessage[]) => Promise<void> = async () => {},
): Promise<void> {
  const [first, ...others] = projections;
  const apply = (projection: Projection<unknown>) =>
    applyMessage(projection, { database, name: projection.name, generation }, mechanisms, message);
  await Promise.all([apply(first).then(applied), ...others.map(apply)]);
}

/** Removes a generation, or all before one, from all read models. */
export async function clearGenerations(
  { database, projections }: ReadModels,
  which: { readonly generation: number } | { readonly before: number },
): Promise<void> {
  const generation = "before" in which ? { $lt: which.before } : which.generation;
  for (const { name } of projections) {
    await writeDocument(() => projectedDocuments({ database, name }).deleteMany({ generation }));
  }
}

async function projectMessage(models: ReadModels, received: ReceivedMessage): Promise<void> {
  const message = decodeMessage(received.value);
  const known = await models.generations.load();
  const tell = (effects: readonly EventMessage[]) => tellOfEffects(models, known, effects);
  for (const generation of maintained(known)) {
    await applyToGeneration(models, message, generation, generation === known.live ? tell : undefined);
  }
}

/**
 * Tells of effects in the generation that was shown. The first message of a stream also finds its place empty where the
 * generation was given up and removed since it was looked up: an effect that nobody will see.
 */
async function tellOfEffects(
  { generations, applied }: ReadModels,
  { live }: Generations,
  effects: readonly EventMessage[],
): Promise<void> {
  if (effects[0]?.sequence === 1 && live < (await generations.load()).oldest) return;
  effects.forEach(applied);
}

/** False where the store is in trouble. */
async function parked(models: ReadModels, received: ReceivedMessage, error: unknown): Promise<boolean> {
  try {
    await parkDocument(models.database, received, error);
    return true;
  } catch (failure) {
    if (failure instanceof StoreFailure) return false;
    throw failure;
  }
}

/**
 * How far the read model whose progress is told is: the sum of the positions of its streams, in the oldest
 * generation, which is never ahead of the others. Linear in the streams.
 */
export async function countApplied({ database, projections, generations }: ReadModels): Promise<number> {
  const [{ name }] = projections;
  const { oldest } = await generations.load();
  const reached = await readDocuments(() =>
    projectedDocuments({ database, name })
      .find({ generation: oldest })
      .project<{ position: number }>({ position: 1 })
      .toArray(),
  );
  return reached.reduce((sum, { position }) => sum + position, 0);
}
