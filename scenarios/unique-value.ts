import * as fc from "fast-check";

/**
 * A short word that no other operation of the run writes (the chance that two of a hundred are alike is
 * one in 400,000), so that a read tells which write it shows. It never shrinks: two writes of a smaller
 * story must stay as different as they were.
 */
export function uniqueValue(): fc.Arbitrary<string> {
  return fc.noShrink(fc.nat(0x7fffffff).map((number) => number.toString(36).padStart(6, "0")));
}

/** The value of an idle write, which no other write of the run has. */
export function idleValue(client: number, round: number): string {
  return `idle-${client}-${round}`;
}
