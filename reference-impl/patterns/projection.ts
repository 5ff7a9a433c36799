import { type EventMessage, MalformedMessage } from "./event-message.ts";
import {
  type ProjectedEntity,
  type ProjectedStore,
  positionInDocument,
  type ReadModelPlace,
} from "./projected-documents.ts";
import { type RebuildProjection, rebuildBeside } from "./projection-rebuild.ts";
import { StoreFailure } from "./store-failure.ts";

/** A read model: what becomes of the state of a stream with each of its messages. */
export interface Projection<State> {
  /** Name of its collection. */
  readonly name: string;
  /**
   * The state after a message. Pure. Throws `MalformedMessage` where it cannot make sense of the message.
   */
  evolve(state: State | null, message: EventMessage): State | null;
}

/** The safety mechanisms of a projection. */
export interface ProjectionMechanisms {
  readonly store: ProjectedStore;
  /** Has a message with this sequence had its effect, where the read model is at that position? */
  readonly isKnown: (sequence: number, position: number) => boolean;
  /** What is done with a message that comes before one that precedes it. */
  readonly early: "hold" | "drop";
  readonly rebuild: RebuildProjection;
}

/** The mechanisms of the hardened form. */
export function hardenedProjectionMechanisms(): ProjectionMechanisms {
  return {
    store: positionInDocument,
    isKnown: (sequence, position) => sequence <= position,
    early: "hold",
    rebuild: rebuildBeside,
  };
}

const collisionsMax = 10;

/** The largest number of messages of one stream that wait for one that precedes them. */
const earlyMax = 1000;

/**
 * Applies a message to a read model: once, and in the order of its stream, however often and in whatever order
 * messages come. Answers the messages whose effects that had: none where it was known or has to wait, several
 * where others had waited for it.
 */
export async function applyMessage<State>(
  projection: Projection<State>,
  place: ReadModelPlace,
  mechanisms: ProjectionMechanisms,
  message: EventMessage,
): Promise<readonly EventMessage[]> {
  const { store, isKnown } = mechanisms;
  for (let collision = 0; collision < collisionsMax; collision++) {
    const before = await store.load<State>(place, message.stream);
    if (isKnown(message.sequence, before.position)) return [];
    const isEarly = message.sequence > before.position + 1;
    if (isEarly && mechanisms.early === "drop") return [];
    const { after, applied } = isEarly ? hold(before, message) : follow(projection, before, message);
    if (after === before || (await store.save(place, message.stream, before, after))) return applied;
  }
  throw new StoreFailure("not-done", true, new Error(`${message.stream} is written by others all the time`));
}

interface Step<State> {
  readonly after: ProjectedEntity<State>;
  readonly applied: readonly EventMessage[];
}

/** The message waits for those that precede it. */
function hold<State>(before: ProjectedEntity<State>, message: EventMessage): Step<State> {
  if (before.early.some(({ sequence }) => sequence === message.sequence))
    return { after: before, applied: [] };
  if (before.early.length >= earlyMax)
    throw new MalformedMessage(`${message.stream}: too many messages wait`);
  const early = [...before.early, message].sort((a, b) => a.sequence - b.sequence);
  return { after: { ...before, early }, applied: [] };
}

/** The effect of the message, and of those that waited for it. */
function follow<State>(
  { evolve }: Projection<State>,
  before: ProjectedEntity<State>,
  message: EventMessage,
): Step<State> {
  const applied = [message];
  for (const next of before.early) {
    if (next.sequence === (applied.at(-1)?.sequence ?? 0) + 1) applied.push(next);
  }
  const position = Math.max(before.position, applied.at(-1)?.sequence ?? 0);
  const state = applied.reduce((reached: State | null, next) => evolve(reached, next), before.state);
  const early = before.early.filter(({ sequence }) => sequence > position);
  return { after: { position, state, early, revision: before.revision }, applied };
}
