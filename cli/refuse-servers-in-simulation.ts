import { FaultlineError } from "../harness/faultline-error.ts";
import type { SubstrateName } from "../harness/real/substrate/substrate.ts";
import type { Lane } from "../harness/record/lane.ts";

/**
 * Whoever names servers must not take models for them. `hint` says what to do instead. Throws
 * `substrate-in-simulation`.
 */
export function refuseServersInSimulation(
  lane: Lane,
  substrate: SubstrateName | undefined,
  hint: string,
): void {
  if (lane !== "sim" || substrate === undefined) return;
  throw new FaultlineError(
    "usage",
    "substrate-in-simulation",
    `--substrate ${substrate} chooses servers, and the sim lane has none.`,
    hint,
  );
}
