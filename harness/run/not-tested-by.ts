import type { Scenario } from "./scenario.ts";

/** What a green run of a scenario does not show: its own words, then the blind spots of its checkers. */
export function notTestedBy(scenario: Scenario): string[] {
  const blindSpots = scenario.checkers.flatMap((checker) => checker.blindSpots);
  return [...new Set([...scenario.notTested, ...blindSpots])];
}
