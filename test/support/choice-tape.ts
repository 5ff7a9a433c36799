import fc from "fast-check";

/** A list of choices that a simulation reads one after the other: shrinks well, and says 0 at its end. */
export class ChoiceTape {
  readonly #choices: readonly number[];
  #at = 0;

  constructor(choices: readonly number[]) {
    this.#choices = choices;
  }

  /** Is there a choice left? */
  get isUsedUp(): boolean {
    return this.#at >= this.#choices.length;
  }

  /** Takes three of four choices that are left away, onto a tape of their own. */
  split(): ChoiceTape {
    const from = this.#at;
    this.#at += Math.floor(((this.#choices.length - from) * 3) / 4);
    return new ChoiceTape(this.#choices.slice(from, this.#at));
  }

  /** A number from 0 up to, not including, `count`. */
  below(count: number): number {
    const choice = this.#choices[this.#at++] ?? 0;
    return choice % count;
  }

  /** One of a list that is not empty. */
  pick<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)]!;
  }

  /** True once in `count` times. */
  once(count: number): boolean {
    return this.below(count) === count - 1;
  }
}

/** Choices for a simulation of up to `length` choices. */
export function choices(length: number): fc.Arbitrary<number[]> {
  return fc.noBias(fc.array(fc.nat(9_999), { minLength: length >> 1, maxLength: length, size: "max" }));
}
