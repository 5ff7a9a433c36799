import type { Clock } from "../../time/clock.ts";
import type { Reaper } from "../processes/reaper.ts";
import { type MadeThing, removeMade } from "./remove-made.ts";

/** Notes that what was made has changed; null: it was not made after all. */
export type NoteChange = (thing: MadeThing | null) => void;

/**
 * What a run made on servers of somebody else. To dispose is to remove it; what cannot be removed then, or is left since the
 * harness is killed, the reaper removes.
 */
export class MadeThings implements AsyncDisposable {
  readonly #clock: Clock;
  readonly #reaper: Pick<Reaper, "addMade">;
  readonly #things = new Map<NoteChange, MadeThing>();

  constructor(clock: Clock, reaper: Pick<Reaper, "addMade">) {
    this.#clock = clock;
    this.#reaper = reaper;
  }

  /** Say it before it is made. Throws `reaper-gone`. */
  add(thing: MadeThing): NoteChange {
    const tellReaper = this.#reaper.addMade(thing);
    const note: NoteChange = (changed) => {
      if (changed === null) this.#things.delete(note);
      else this.#things.set(note, changed);
      tellReaper(changed);
    };
    this.#things.set(note, thing);
    return note;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const removed = [...this.#things].map(async ([note, thing]) => {
      await removeMade(thing, this.#clock);
      note(null);
    });
    await Promise.allSettled(removed);
  }
}
