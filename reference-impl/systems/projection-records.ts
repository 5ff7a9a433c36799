import type { ServiceContext } from "../../harness/run/system.ts";
import type { EventMessage } from "../patterns/event-message.ts";

/** A message by its stream and its place there. */
type PlacedMessage = Pick<EventMessage, "id" | "stream" | "sequence">;

/** Records that a change is stored and has this place in the log of its stream. */
export function recordStored(context: ServiceContext, { id, stream, sequence }: PlacedMessage): void {
  context.record("event", stream, { position: sequence, partition: stream, event: id });
}

/** Records that a service's read model shows it from now on, and that it is past it. */
export function recordApplied(context: ServiceContext, { id, stream, sequence }: PlacedMessage): void {
  context.record("applied", stream, { position: sequence, partition: stream, event: id });
  context.record("checkpoint", context.name, { position: sequence, partition: stream });
}
