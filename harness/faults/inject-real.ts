import type { Json } from "../../checkers/history/operation.ts";
import { FaultlineError } from "../faultline-error.ts";
import type { FaultJournal } from "../real/network/fault-journal.ts";
import type { ActiveRealFault, Fault } from "./fault.ts";
import type { RealFaultPort } from "./real-fault-port.ts";

/** A fault of a plan: its place there, what it is, and its parsed parameters. */
export interface RealFaultEntry {
  readonly id: number;
  readonly fault: Fault<Json>;
  readonly params: Json;
}

/**
 * Injects a fault into the real lane, written to the journal before; its heal is written afterwards.
 * Throws `FaultlineError` `impossible-fault` where the lane cannot have it, before anything is written.
 */
export async function injectReal(
  { id, fault, params }: RealFaultEntry,
  port: RealFaultPort,
  journal: FaultJournal,
): Promise<ActiveRealFault> {
  const { real } = fault;
  if (typeof real !== "function") throw impossible(fault.name, real.impossible);
  journal.inject({ id, fault: fault.name, target: fault.target(params), params });
  let active: ActiveRealFault;
  try {
    active = await real(port, params);
  } catch (error) {
    journal.heal(id, 0);
    throw error;
  }
  let healed: Promise<void> | null = null;
  const heal = async () => {
    const bites = await active.bites();
    await active.heal();
    journal.heal(id, bites);
  };
  return {
    bites: () => active.bites(),
    heal: () => {
      healed ??= heal();
      return healed;
    },
  };
}

function impossible(name: string, why: string): FaultlineError {
  return new FaultlineError(
    "usage",
    "impossible-fault",
    `The real lane cannot inject "${name}": ${why}.`,
    "Take the fault out of the plan or the scenario.",
  );
}
