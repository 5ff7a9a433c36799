import type { LinearizabilityModel } from "./linearizability-model.ts";
import type { ObjectCalls } from "./object-calls.ts";

/** Group of calls that only the same call can stand in for. */
export const ALONE = 0;
/** Group of calls for which calls of unknown outcome that do the same can stand in. */
export const EXCHANGED = 1;
/** Group of reads. */
const READS = 2;

/** By call: the group in which a configuration keeps its bit. */
export function standInGroups(model: LinearizabilityModel, calls: ObjectCalls): Uint8Array {
  const isUncertain = new Set(calls.code);
  return Uint8Array.from({ length: calls.count }, (_, call) => {
    if (calls.isRead[call] === 1) return READS;
    // Where a model guesses the order, calls that do the same are not taken by their returns.
    return model.likelyOrder === undefined && isUncertain.has(calls.kind[call]!) ? EXCHANGED : ALONE;
  });
}
