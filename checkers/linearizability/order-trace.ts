/** Follows a search that goes forward and back, and knows in which order calls took effect up to where it is. */
export class OrderTrace {
  /** The calls that took effect, in this order; of equal calls of unknown outcome always the first. */
  readonly calls: number[] = [];
  /** How many of them had when the search came to each choice. */
  readonly #lengths: number[] = [];

  took(call: number): void {
    this.calls.push(call);
  }

  /** The calls took effect in this order. */
  is(calls: readonly number[]): void {
    this.calls.length = 0;
    for (const call of calls) this.calls.push(call);
  }

  /** The search comes to a choice, `depth` choices after its beginning. */
  comesTo(depth: number): void {
    this.#lengths[depth] = this.calls.length;
  }

  /** The search goes back to a choice. */
  goesBackTo(depth: number): void {
    this.calls.length = this.#lengths[depth]!;
  }
}
