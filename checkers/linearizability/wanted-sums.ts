import type { CallWindow } from "./call-window.ts";
import { BITS, STATE } from "./configuration-words.ts";
import type { SearchedObject } from "./searched-object.ts";

/**
 * Which calls need not take effect before the one that is due, where a state is a sum. Calls go before it only for a
 * read that is to answer a certain sum, those that add to it and those that take from it in any order: so as long as
 * the sum is below that, one can go first that adds to it, and else one that takes from it.
 */
export class WantedSums {
  readonly #object: SearchedObject;
  readonly #window: CallWindow;
  #isMoreWanted = true;
  #isLessWanted = true;

  constructor(object: SearchedObject, window: CallWindow) {
    this.#object = object;
    this.#window = window;
  }

  /** Looks at a configuration: which sums do the reads want that still must take effect? */
  look(words: Int32Array, from: number): void {
    const { sums, model, states, calls, plan } = this.#object;
    if (sums === null) return;
    const sum = model.sum!.of(states.at(words[from + STATE]!));
    this.#isMoreWanted = false;
    this.#isLessWanted = false;
    for (let open = this.#window.first; open !== this.#window.end; open = this.#window.after(open)) {
      if (this.#window.laneOf(open) >= 0 || calls.isRead[open] === 0) continue;
      const slot = plan.slot[open]!;
      if (((words[from + BITS + (slot >> 5)]! >>> (slot & 31)) & 1) === 0) continue;
      if (sums[open]! > sum) this.#isMoreWanted = true;
      else if (sums[open]! < sum) this.#isLessWanted = true;
    }
  }

  /** May a call be needed before the one that is due, in the configuration that was looked at? */
  wants(open: number): boolean {
    const { sums, calls } = this.#object;
    const call = this.#window.callOf(open);
    if (sums === null || calls.isRead[call] === 1) return true;
    return sums[call]! > 0 ? this.#isMoreWanted : sums[call]! < 0 && this.#isLessWanted;
  }
}
