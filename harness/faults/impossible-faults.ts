import type { Json } from "../../checkers/history/operation.ts";
import { FaultlineError } from "../faultline-error.ts";
import type { Fault, FaultNeed } from "./fault.ts";

/** For each thing that faults of the real lane need: true, or why it is not there. */
export type FaultCapabilities = Readonly<Record<FaultNeed, true | string>> & {
  /** Why processes of stores cannot be killed, paused or stopped; absent: they can. */
  readonly storeProcesses?: string;
};

/** After the name of a fault: it, where it hits the processes of stores. */
export const STORES_SUFFIX = "@stores";

/** A fault that cannot be injected here, and why. */
export interface ImpossibleFault {
  readonly fault: string;
  readonly why: string;
}

/** Where a fault is to be injected: the sim lane can do what it can; the real one depends on the machine. */
export type FaultLane =
  | { readonly lane: "sim" }
  | { readonly lane: "real"; readonly capabilities: FaultCapabilities };

/**
 * Those of the faults that cannot be injected in the lane, each once, in their order. `onStores`: names of
 * those that would hit the process of a store; what is impossible of them for that only is named
 * `process-crash@stores`.
 */
export function impossibleFaults(
  faults: readonly Fault<Json>[],
  where: FaultLane,
  onStores: ReadonlySet<string> = new Set(),
): readonly ImpossibleFault[] {
  const storesWhy = where.lane === "real" ? where.capabilities.storeProcesses : undefined;
  return [...new Set(faults)].flatMap((fault) => {
    const why = whyImpossible(fault, where);
    if (why !== null) return [{ fault: fault.name, why }];
    if (storesWhy === undefined || !onStores.has(fault.name)) return [];
    return [{ fault: `${fault.name}${STORES_SUFFIX}`, why: storesWhy }];
  });
}

/**
 * Refuses a run before it starts. Throws `FaultlineError` `impossible-fault` that names every fault and why.
 * `onStores` as for {@link impossibleFaults}.
 */
export function refuseImpossibleFaults(
  faults: readonly Fault<Json>[],
  where: FaultLane,
  onStores: ReadonlySet<string> = new Set(),
): void {
  const impossible = impossibleFaults(faults, where, onStores);
  if (impossible.length === 0) return;
  const reasons = impossible.map(({ fault, why }) => `"${fault}": ${why}`).join("; ");
  const names = impossible.map(({ fault }) => fault).join(",");
  throw new FaultlineError(
    "usage",
    "impossible-fault",
    `The ${where.lane} lane cannot inject ${reasons}.`,
    `Take it out of the plan, provide what it needs (npx faultline doctor lists it), or run without it: --without-fault ${names}`,
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
