import type { Clock } from "../../time/clock.ts";
import { type MadeThing, removeMade } from "./remove-made.ts";

/** Notes that what was made has changed; null: it was not made after all. */
export type NoteChange = (thing: MadeThing | null) => void;

/** What a run made on servers of somebody else. To dispose is to remove it; what cannot be removed stays. */
export class MadeThings implements AsyncDisposable {
  readonly #clock: Clock;
  readonly #things = new Map<number, MadeThing>();
  #added = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Say it before it is made. */
  add(thing: MadeThing): NoteChange {
    const number = this.#added++;
    const note: NoteChange = (changed) => {
      if (changed === null) this.#things.delete(number);
      else this.#things.set(number, changed);
    };
    note(thing);
    return note;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const removed = [...this.#things].map(async ([number, thing]) => {
      await removeMade(thing, this.#clock);
      this.#things.delete(number);
    });
    await Promise.allSettled(removed);
  }
}
