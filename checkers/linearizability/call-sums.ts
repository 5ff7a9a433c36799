import type { LinearizabilityModel } from "./linearizability-model.ts";
import type { ObjectCalls } from "./object-calls.ts";

/** Sums up to this one are exact, in any order of the calls. */
const sumMax = 2 ** 52;

/**
 * By call: what it adds to the sum that a state is, or the sum that a read answered. Null where a state is no sum, or the order
 * in which numbers are added could change it: where they are not whole, or too large.
 */
export function callSums(model: LinearizabilityModel, calls: ObjectCalls): Float64Array | null {
  const { sum } = model;
  if (sum === undefined) return null;
  const by = Float64Array.from(calls.calls, (call) => sum.by(call));
  let most = Math.abs(sum.of(model.init()));
  let isWhole = Number.isInteger(most);
  for (let call = 0; call < calls.count; call++) {
    if (calls.isRead[call] === 1) continue;
    isWhole &&= Number.isInteger(by[call]);
    most += Math.abs(by[call]!);
  }
  return isWhole && most <= sumMax ? by : null;
}
