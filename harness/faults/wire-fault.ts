import type { Fate, Interceptor, Message } from "../sim/network.ts";
import type { ActiveFault } from "./fault.ts";
import type { FaultPort } from "./fault-port.ts";

/** A direction in which messages travel, by the names that a plan uses. */
export interface Direction {
  readonly from: string;
  readonly to: string;
}

/**
 * A fault made of interceptors: `decide` is asked for each message that travels in one of the
 * directions; every answer but null counts as a bite. After `limit` bites it does nothing any more.
 */
export function wireFault(
  port: FaultPort,
  directions: readonly Direction[],
  decide: (message: Message, from: string) => Fate,
  limit: number = Number.POSITIVE_INFINITY,
): ActiveFault {
  let bites = 0;
  const interceptor: Interceptor = (message, from) => {
    if (bites >= limit) return null;
    const fate = decide(message, from);
    if (fate !== null) bites++;
    return fate;
  };
  const removers: (() => void)[] = [];
  for (const { from, to } of directions) {
    for (const source of port.nodes(from)) {
      for (const target of port.nodes(to)) removers.push(port.intercept(source, target, interceptor));
    }
  }
  return {
    bites: () => bites,
    [Symbol.dispose]: () => {
      for (const remove of removers.splice(0)) remove();
    },
  };
}
