import type { EventMessage } from "./event-message.ts";
import type { ProjectionGenerations } from "./projection-generations.ts";

/** What a rebuild works with. */
export interface RebuildWork {
  readonly generations: ProjectionGenerations;
  /** Hands over every message that the log holds when it is called, in order per stream; again where it fails. */
  readLog(handle: (message: EventMessage) => Promise<void>): Promise<void>;
  /** Applies a message to one generation of all read models. */
  apply(message: EventMessage, generation: number): Promise<void>;
  /** Removes a generation, or all up to it, from all read models. */
  clear(which: { readonly generation: number } | { readonly before: number }): Promise<void>;
}

/** Builds read models anew from the log. Called again, also by another process, until it has succeeded. */
export type RebuildProjection = (work: RebuildWork) => Promise<void>;

/**
 * Builds a new generation beside the one that is shown, then shows it. Whoever consumes messages applies each
 * to all generations, the newest first. A consumer that did not know of the new one got its message before the
 * log was read, so it is in there. Hence when the log was read, the new generation is nowhere behind the old
 * one, and stays so: nobody who reads sees anything go back when it is shown.
 */
export const rebuildBeside: RebuildProjection = async ({ generations, readLog, apply, clear }) => {
  let known = await generations.load();
  if (known.newest === known.live) {
    if (!(await generations.begin(known))) return;
    known = await generations.load();
  }
  await clear({ before: known.oldest });
  await readLog((message) => apply(message, known.newest));
  await generations.finish(known.newest);
};
