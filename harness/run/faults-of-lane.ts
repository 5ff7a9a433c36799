import type { Lane } from "../record/lane.ts";
import type { Scenario } from "./scenario.ts";

/**
 * The scenario with those of its faults that the lane can have at all. What is left out is said by
 * {@link faultsLeftOut}; what only this machine lacks is refused before the start instead.
 */
export function scenarioInLane(scenario: Scenario, lane: Lane): Scenario {
  const out = new Set(faultsLeftOut(scenario, lane).map(({ fault }) => fault));
  if (out.size === 0) return scenario;
  return { ...scenario, faults: scenario.faults.filter(({ fault }) => !out.has(fault.name)) };
}

/** A fault of a scenario that a lane cannot have, and why. */
export interface LeftOutFault {
  readonly fault: string;
  readonly why: string;
}

/** The faults that a lane cannot have on any machine, each once. */
export function faultsLeftOut({ faults }: Scenario, lane: Lane): readonly LeftOutFault[] {
  const found = new Map<string, LeftOutFault>();
  for (const { fault } of faults) {
    const impossible = lane === "sim" ? fault.sim : typeof fault.real === "function" ? undefined : fault.real;
    if (impossible !== undefined) found.set(fault.name, { fault: fault.name, why: impossible.impossible });
  }
  return [...found.values()];
}
