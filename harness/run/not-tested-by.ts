import type { Scenario } from "./scenario.ts";

/** What a green run of a scenario does not show: what was left out on request, its own words, the blind spots of its checkers. */
export function notTestedBy(scenario: Scenario): string[] {
  const blindSpots = scenario.checkers.flatMap((checker) => checker.blindSpots);
  const { withoutFaults = [] } = scenario;
  const left = withoutFaults.length === 0 ? [] : [`faults left out on request: ${withoutFaults.join(", ")}`];
  return [...new Set([...left, ...scenario.notTested, ...blindSpots])];
}
