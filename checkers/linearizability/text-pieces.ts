/**
 * Texts none of which begins with another one, so that what was put together of them can be taken apart in one
 * way only.
 */
export class TextPieces {
  readonly #numbers: ReadonlyMap<string, number>;
  /** The lengths that pieces have. */
  readonly #lengths: readonly number[];

  private constructor(numbers: ReadonlyMap<string, number>) {
    this.#numbers = numbers;
    this.#lengths = [...new Set([...numbers.keys()].map(({ length }) => length))].sort((a, b) => a - b);
  }

  /** The pieces, each with its position; null where one is empty or the beginning of another one, or the same. Sorting. */
  static of(texts: readonly string[]): TextPieces | null {
    const sorted = texts.toSorted();
    // What begins with a text comes right after it.
    const isBad = sorted.some((text, at) => text === "" || (at > 0 && text.startsWith(sorted[at - 1]!)));
    return isBad ? null : new TextPieces(new Map(texts.map((text, at) => [text, at])));
  }

  /** The position of the piece that is at a place of a text; −1. Takes as many steps as pieces have lengths. */
  at(text: string, place: number): number {
    for (const length of this.#lengths) {
      if (place + length > text.length) return -1;
      const found = this.#numbers.get(text.slice(place, place + length));
      if (found !== undefined) return found;
    }
    return -1;
  }
}
