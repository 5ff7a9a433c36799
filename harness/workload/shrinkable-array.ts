import * as fc from "fast-check";

/**
 * An array that is drawn with `min` to `max` elements, but shrinks down to none: a story may be much
 * smaller than a run that is worth making.
 */
export function shrinkableArray<Element>(
  element: fc.Arbitrary<Element>,
  min: number,
  max: number,
): fc.Arbitrary<Element[]> {
  // `size: "max"`: lengths are uniform up to `max` instead of fast-check's own small default.
  const drawn = fc.array(element, { minLength: min, maxLength: max, size: "max" });
  const shrunk = fc.array(element, { minLength: 0, maxLength: max, size: "max" });
  return new ShrinkableArray(drawn, shrunk);
}

class ShrinkableArray<Element> extends fc.Arbitrary<Element[]> {
  readonly #drawn: fc.Arbitrary<Element[]>;
  readonly #shrunk: fc.Arbitrary<Element[]>;

  constructor(drawn: fc.Arbitrary<Element[]>, shrunk: fc.Arbitrary<Element[]>) {
    super();
    this.#drawn = drawn;
    this.#shrunk = shrunk;
  }

  override generate(random: fc.Random, biasFactor: number | undefined): fc.Value<Element[]> {
    return this.#drawn.generate(random, biasFactor);
  }

  override canShrinkWithoutContext(value: unknown): value is Element[] {
    return this.#shrunk.canShrinkWithoutContext(value);
  }

  override shrink(value: Element[], context: unknown): fc.Stream<fc.Value<Element[]>> {
    return this.#shrunk.shrink(value, context);
  }
}
