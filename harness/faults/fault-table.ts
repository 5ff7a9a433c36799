import type { Json } from "../../checkers/history/operation.ts";
import type { Fault, FaultNeed } from "./fault.ts";
import { faults } from "./index.ts";

/** One fault, for people: what it does, and where it can be had. */
export interface FaultRow {
  readonly name: string;
  readonly does: string;
  readonly heals: string;
  readonly bite: string;
  /** True, or why the sim lane cannot have it. */
  readonly sim: true | string;
  /** What the real lane needs for it, or why it cannot have it. */
  readonly real: readonly FaultNeed[] | string;
}

/** Every fault, in alphabetical order. */
export function faultTable(known: readonly Fault<Json>[] = faults): readonly FaultRow[] {
  return known.map(({ name, does, heals, bite, sim, real, needs }) => ({
    name,
    does,
    heals,
    bite,
    sim: sim?.impossible ?? true,
    real: typeof real === "function" ? needs : real.impossible,
  }));
}
