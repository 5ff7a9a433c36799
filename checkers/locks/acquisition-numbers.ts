/** Finds acquisitions of one lock by the number that they were given: mostly those rise, and one is asked for soon. */
export class AcquisitionNumbers {
  readonly #numbers: Float64Array;
  /** How many were looked at, and the highest number among them. */
  #known = 0;
  #highest = Number.NEGATIVE_INFINITY;
  /** By number the last acquisition that has it. Null as long as numbers rise. */
  #last: Map<number, number> | null = null;

  /** `numbers` are in the order in which the acquisitions were asked for; NaN: it was given none. */
  constructor(numbers: Float64Array) {
    this.#numbers = numbers;
  }

  /**
   * The last of the first `end` acquisitions that has the number; −1. Must be asked with rising `end`. Constant time
   * for the last one, else logarithmic, or constant where numbers do not rise.
   */
  lastBefore(end: number, number: number): number {
    this.#learn(end);
    if (this.#last !== null) return this.#last.get(number) ?? -1;
    if (this.#numbers[end - 1] === number) return end - 1;
    let low = 0;
    let high = end;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#numbers[middle]! < number) low = middle + 1;
      else high = middle;
    }
    return low < end && this.#numbers[low] === number ? low : -1;
  }

  #learn(end: number): void {
    for (; this.#known < end; this.#known++) {
      const number = this.#numbers[this.#known]!;
      if (this.#last === null && !(number > this.#highest)) {
        this.#last = new Map();
        for (let at = 0; at < this.#known; at++) this.#last.set(this.#numbers[at]!, at);
      }
      if (this.#last === null) this.#highest = number;
      else this.#last.set(number, this.#known);
    }
  }
}
