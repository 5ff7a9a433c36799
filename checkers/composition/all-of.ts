import type { Checker } from "../checker.ts";
import { mergeParts } from "./merge-parts.ts";

/**
 * Several checkers as one, of a name of its own: its claim is all of their claims. Invalid if one of them is, else
 * unknown if one of them is or has nothing to examine, else valid. As costly as all of them.
 *
 * @throws RangeError without any checker.
 */
export function allOf(name: string, checkers: readonly Checker[]): Checker {
  if (checkers.length === 0) throw new RangeError("allOf: expected at least one checker, found none");
  return {
    name,
    claim: checkers.map(({ claim }) => claim).join("; and "),
    blindSpots: [...new Set(checkers.flatMap(({ blindSpots }) => blindSpots))],
    check: (history, budget) => {
      const parts = checkers.map((checker) => ({ name: checker.name, checker, history: () => history }));
      return mergeParts(parts, true, true, budget);
    },
  };
}
