import type { Json } from "../../checkers/history/operation.ts";
import { FaultlineError } from "../faultline-error.ts";
import type { Fault, FaultNeed } from "./fault.ts";

/** For each thing that faults of the real lane need: true, or why it is not there. */
export type FaultCapabilities = Readonly<Record<FaultNeed, true | string>>;

/** A fault that cannot be injected here, and why. */
export interface ImpossibleFault {
  readonly fault: string;
  readonly why: string;
}

/** Where a fault is to be injected: the sim lane can do what it can; the real one depends on the machine. */
export type FaultLane =
  | { readonly lane: "sim" }
  | { readonly lane: "real"; readonly capabilities: FaultCapabilities };

/** Those of the faults that cannot be injected in the lane, each once, in their order. */
export function impossibleFaults(
  faults: readonly Fault<Json>[],
  where: FaultLane,
): readonly ImpossibleFault[] {
  return [...new Set(faults)].flatMap((fault) => {
    const why = whyImpossible(fault, where);
    return why === null ? [] : [{ fault: fault.name, why }];
  });
}

/** Refuses a run before it starts. Throws `FaultlineError` `impossible-fault` that names every fault and why. */
export function refuseImpossibleFaults(faults: readonly Fault<Json>[], where: FaultLane): void {
  const impossible = impossibleFaults(faults, where);
  if (impossible.length === 0) return;
  const reasons = impossible.map(({ fault, why }) => `"${fault}": ${why}`).join("; ");
  throw new FaultlineError(
    "usage",
    "impossible-fault",
    `The ${where.lane} lane cannot inject ${reasons}.`,
    "Take the fault out of the plan or the scenario, or provide what it needs: npx faultline doctor lists it.",
  );
}

function whyImpossible(fault: Fault<Json>, where: FaultLane): string | null {
  if (where.lane === "sim") return fault.sim?.impossible ?? null;
  if (typeof fault.real !== "function") return fault.real.impossible;
  const missing = fault.needs.flatMap((need) => {
    const there = where.capabilities[need];
    return there === true ? [] : [there];
  });
  return missing.length === 0 ? null : missing.join("; ");
}
