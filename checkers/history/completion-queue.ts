/**
 * Calls that are under way, by rising completion: a binary heap, so that a history in which everything
 * overlaps takes no longer than n log n.
 */
export class CompletionQueue<Call> {
  readonly #completions: number[] = [];
  readonly #calls: Call[] = [];

  /** How many calls are under way. */
  get size(): number {
    return this.#calls.length;
  }

  /** A call was sent that has its completion at `row`. Logarithmic; constant where calls end in turn. */
  push(row: number, call: Call): void {
    let at = this.#calls.length;
    this.#completions.push(row);
    this.#calls.push(call);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.#completions[parent]! <= row) break;
      this.#completions[at] = this.#completions[parent]!;
      this.#calls[at] = this.#calls[parent]!;
      at = parent;
    }
    this.#completions[at] = row;
    this.#calls[at] = call;
  }

  /** Takes out the call that ends first, if it ends before `row`. Logarithmic. */
  popBefore(row: number): Call | undefined {
    const first = this.#completions[0];
    if (first === undefined || first >= row) return undefined;
    const popped = this.#calls[0];
    const lastRow = this.#completions.pop()!;
    const lastCall = this.#calls.pop()!;
    if (this.#calls.length > 0) this.#sink(lastRow, lastCall);
    return popped;
  }

  #sink(row: number, call: Call): void {
    const length = this.#calls.length;
    let at = 0;
    for (let child = 1; child < length; child = 2 * at + 1) {
      if (child + 1 < length && this.#completions[child + 1]! < this.#completions[child]!) child++;
      if (this.#completions[child]! >= row) break;
      this.#completions[at] = this.#completions[child]!;
      this.#calls[at] = this.#calls[child]!;
      at = child;
    }
    this.#completions[at] = row;
    this.#calls[at] = call;
  }
}
