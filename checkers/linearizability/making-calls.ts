import type { ExchangedKind } from "./exchanged-kind.ts";

/** Steps after which it is no longer tried. */
const stepsAtMost = 64;

/** Makes calls that are lacking of others that are to spare. */
export class MakingCalls {
  #kinds: readonly ExchangedKind[] = [];
  /** By kind: calls to spare; below zero: lacking. */
  #spare = new Int32Array(8);
  #stepsLeft = 0;

  /**
   * Can all calls be made that one summary has fewer of than the other? Gives up, and says no, after some steps. `kinds`
   * come with the largest amounts first.
   */
  makesAll(kinds: readonly ExchangedKind[], summaries: Int32Array, own: number, other: number): boolean {
    if (this.#spare.length < kinds.length) this.#spare = new Int32Array(2 * kinds.length);
    this.#kinds = kinds;
    this.#stepsLeft = stepsAtMost;
    for (let kind = 0; kind < kinds.length; kind++) {
      this.#spare[kind] = summaries[own + 2 * kind + 1]! - summaries[other + 2 * kind + 1]!;
    }
    return this.#makesRest();
  }

  #makesRest(): boolean {
    for (let kind = 0; kind < this.#kinds.length; kind++) {
      if (this.#spare[kind]! >= 0) continue;
      this.#spare[kind]!++;
      return this.#makes(this.#kinds[kind]!.amount, kind + 1);
    }
    return true;
  }

  /** Can this amount be made of kinds from one on, and then all that is lacking else? */
  #makes(amount: number, from: number): boolean {
    if (amount === 0) return this.#makesRest();
    for (let at = from; at < this.#kinds.length; at++) {
      const part = this.#kinds[at]!.amount;
      if (this.#spare[at]! <= 0 || part === 0 || part > 0 !== amount > 0) continue;
      if (Math.abs(part) > Math.abs(amount)) continue;
      if (--this.#stepsLeft < 0) return false;
      this.#spare[at]!--;
      if (this.#makes(amount - part, at)) return true;
      this.#spare[at]!++;
    }
    return false;
  }
}
