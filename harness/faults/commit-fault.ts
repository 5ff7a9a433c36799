import type { Message } from "../sim/network.ts";
import type { ActiveFault } from "./fault.ts";
import type { FaultPort } from "./fault-port.ts";
import { type Direction, wireFault } from "./wire-fault.ts";

/** What a client of a store says that is no work of its own. */
const CONTROL = new Set(["connect", "begin", "commit", "rollback"]);

/**
 * Breaks connections under COMMITs, or under the answers to them, that travel in a direction. Where statements
 * travel and no transaction is ever begun, it says so: there is no COMMIT to lose then, however long it is on.
 */
export function commitFault(
  port: FaultPort,
  direction: Direction,
  kind: Message["kind"],
  count: number,
): ActiveFault {
  let begun = false;
  let statements = false;
  const decide = (message: Message) => {
    if (message.kind !== kind) return null;
    if (message.label === "commit") return "reset";
    begun ||= message.label === "begin";
    statements ||= !CONTROL.has(message.label);
    return null;
  };
  return {
    ...wireFault(port, [direction], decide, count),
    idleBecause: () =>
      statements && !begun
        ? "statements came without a transaction, so there was no COMMIT to lose: write in a transaction, or take this fault out of the scenario"
        : null,
  };
}
