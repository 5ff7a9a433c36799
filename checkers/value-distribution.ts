import type { Measure, MeasureUnit } from "./measure.ts";

/** Values that are kept as they are; more are counted in buckets. */
const exactMax = 4096;
/** Buckets for each doubling of a value: a bucket is less than 1 % wide. */
const perDoubling = 128;

/**
 * Many values of at least 0, of which only the distribution is asked for: exact for up to 4096 of them; more are counted
 * in buckets that are less than 1 % wide, so that memory is bounded by the range of the values, not by their
 * number. Constant time a value. Source of the buckets: Tene, HdrHistogram.
 */
export class ValueDistribution {
  #exact: number[] | null = [];
  readonly #buckets = new Map<number, number>();
  #count = 0;
  #longest = 0;

  /** How many values there are. */
  get count(): number {
    return this.#count;
  }

  add(value: number): void {
    this.#count++;
    this.#longest = Math.max(this.#longest, value);
    if (this.#exact !== null && this.#exact.length < exactMax) {
      this.#exact.push(value);
      return;
    }
    for (const known of this.#exact ?? []) this.#countIn(known);
    this.#exact = null;
    this.#countIn(value);
  }

  /**
   * Median, 95th and 99th percentile and the longest, each under its name: `median lag`. Nothing where there is no
   * value. Of a bucket its upper end is named. n log n in what is kept.
   */
  measures(what: string, unit: MeasureUnit): readonly Measure[] {
    if (this.#count === 0) return [];
    const at = this.#exact === null ? this.#bucketAt() : exactAt(this.#exact);
    const named = (name: string, value: number): Measure => {
      return { name: `${name} ${what}`, unit, value, worse: "high" };
    };
    return [
      named("median", at(0.5)),
      named("p95", at(0.95)),
      named("p99", at(0.99)),
      named("longest", this.#longest),
    ];
  }

  #countIn(value: number): void {
    const bucket = value <= 0 ? Number.NEGATIVE_INFINITY : Math.floor(Math.log2(value) * perDoubling);
    this.#buckets.set(bucket, (this.#buckets.get(bucket) ?? 0) + 1);
  }

  #bucketAt(): (part: number) => number {
    const buckets = [...this.#buckets].sort(([a], [b]) => a - b);
    return (part) => {
      let left = Math.ceil(part * this.#count);
      for (const [bucket, count] of buckets) {
        left -= count;
        if (left <= 0) return Math.min(this.#longest, 2 ** ((bucket + 1) / perDoubling));
      }
      return this.#longest;
    };
  }
}

function exactAt(values: readonly number[]): (part: number) => number {
  const sorted = Float64Array.from(values).sort();
  return (part) => sorted[Math.ceil(part * sorted.length) - 1]!;
}
