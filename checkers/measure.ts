/** What a measure counts: milliseconds, events, a part of a whole (from 0 to 1), or how many. */
export type MeasureUnit = "ms" | "events" | "part" | "count";

/** One figure that a checker takes of a history besides its verdict. */
export interface Measure {
  /**
   * What was measured, in words and without the unit: `median lag`. The same words in every history, so that the
   * figures of many runs can be put together.
   */
  readonly name: string;
  /** Which one, where a history has several of the name: `fault 3 on client 1 ⇥ order`. Absent: there is only one. */
  readonly of?: string;
  readonly unit: MeasureUnit;
  /** Finite. */
  readonly value: number;
  /** Which end is the bad one: `high` of a lag, `low` of a part that was served. */
  readonly worse: "high" | "low";
}

/** The name of a measure with all that tells it from the others of its history: `median lag in ms`. */
export function measureLabel({ name, of, unit }: Measure): string {
  const inUnit = unit === "ms" || unit === "events" ? ` in ${unit}` : "";
  return `${name}${inUnit}${of === undefined ? "" : ` (${of})`}`;
}
