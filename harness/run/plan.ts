import type { Json } from "../../checkers/history/operation.ts";

/** One operation that a client will perform. */
export interface PlannedOperation {
  /** What the workload drew: plain data that only the workload understands. */
  readonly call: Json;
  /** Virtual milliseconds that the client waits before it. */
  readonly thinkMs: number;
  /** Seeds the latencies of every message that this operation causes. Stays when others are removed. */
  readonly salt: number;
}

/** One fault of the plan. */
export interface PlannedFault {
  /** The name of a fault definition: `link-partition`. */
  readonly fault: string;
  /** Parameters of that fault, checked by its definition. */
  readonly params: Json;
  /** Injected when this many operations of the load were invoked … */
  readonly afterInvocations: number;
  /** … and so many virtual microseconds have passed since. */
  readonly delayUs: number;
  /** Healed so much later, or when it has bitten, whichever is later; at the end of the load in any case. */
  readonly forMs: number;
}

/** The choices of the scheduler. */
export interface PlannedSchedule {
  /** Seeds the order of events that are due at the same time, ids, and the stores' own races. */
  readonly seed: number;
  /** The longest latency of a message, in microseconds; the shortest is a tenth of it. */
  readonly latencyMaxUs: number;
}

/** Everything that was drawn from a seed: plain data, stored, editable, replayable. */
export interface Plan {
  /** The operations of each client, in order. */
  readonly clients: readonly (readonly PlannedOperation[])[];
  readonly faults: readonly PlannedFault[];
  readonly schedule: PlannedSchedule;
}

/** How many operations and faults a plan has: the measure of a story's size. */
export function planSize(plan: Plan): { operations: number; faults: number } {
  let operations = 0;
  for (const client of plan.clients) operations += client.length;
  return { operations, faults: plan.faults.length };
}
