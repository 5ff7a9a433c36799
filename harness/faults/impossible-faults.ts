import type { Json } from "../../checkers/history/operation.ts";
import { FaultlineError } from "../faultline-error.ts";
import type { Fault, FaultNeed } from "./fault.ts";

/** For each thing that faults of the real lane need: true, or why it is not there. */
export type FaultCapabilities = Readonly<Record<FaultNeed, true | string>> & {
  /** Why processes of stores cannot be killed, paused or stopped; absent: they can. */
  readonly storeProcesses?: string;
  /** Why nothing can be done on the way between a replica and its primary; absent: it can. */
  readonly replication?: string;
};

/** Where a fault may hit what a substrate cannot offer: the processes of stores; a replica's way to its primary. */
export type FaultPlace = "stores" | "replication";

/** Every such place. */
export const faultPlaces: readonly FaultPlace[] = ["stores", "replication"];

/** For each place the names of faults that would hit it. */
export type FaultsAt = Readonly<Record<FaultPlace, ReadonlySet<string>>>;

/** A fault where it hits a place: `process-crash@stores`. */
export function nameAt(fault: string, place: FaultPlace): string {
  return `${fault}@${place}`;
}

/** Can some parameters of a fault make it hit the place? */
export function canHit({ processes, needs }: Fault<Json>, place: FaultPlace): boolean {
  return place === "stores" ? processes !== undefined : needs.includes("proxies");
}

const nowhere: FaultsAt = { stores: new Set(), replication: new Set() };

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
 * Those of the faults that cannot be injected in the lane, each once, in their order. `at`: names of those that would
 * hit a certain place; what is impossible of them for that only is named `process-crash@stores`.
 */
export function impossibleFaults(
  faults: readonly Fault<Json>[],
  where: FaultLane,
  at: FaultsAt = nowhere,
): readonly ImpossibleFault[] {
  const { storeProcesses, replication } =
    where.lane === "real" ? where.capabilities : ({} as Partial<FaultCapabilities>);
  const whyAt: Readonly<Record<FaultPlace, string | undefined>> = { stores: storeProcesses, replication };
  return [...new Set(faults)].flatMap((fault) => {
    const why = whyImpossible(fault, where);
    if (why !== null) return [{ fault: fault.name, why }];
    return faultPlaces.flatMap((place) => {
      const whyNot = whyAt[place];
      if (whyNot === undefined || !at[place].has(fault.name)) return [];
      return [{ fault: nameAt(fault.name, place), why: whyNot }];
    });
  });
}

/**
 * Refuses a run before it starts. Throws `FaultlineError` `impossible-fault` that names every fault and why.
 * `at` as for {@link impossibleFaults}.
 */
export function refuseImpossibleFaults(
  faults: readonly Fault<Json>[],
  where: FaultLane,
  at: FaultsAt = nowhere,
): void {
  const impossible = impossibleFaults(faults, where, at);
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
  // What several of its needs lack is told once.
  return missing.length === 0 ? null : [...new Set(missing)].join("; ");
}
