import { FaultlineError } from "../faultline-error.ts";
import type { ActiveFault, ActiveRealFault } from "./fault.ts";
import type { FaultPort } from "./fault-port.ts";
import { edgeDirections, toxicFault } from "./real-edges.ts";
import type { RealFaultPort } from "./real-fault-port.ts";
import { type Direction, wireFault } from "./wire-fault.ts";

/** Every direction between a node of one set and a node of the other. */
export function between(left: readonly string[], right: readonly string[]): readonly Direction[] {
  return left.flatMap((a) =>
    right.flatMap((b) => [
      { from: a, to: b },
      { from: b, to: a },
    ]),
  );
}

/** Every direction between two different nodes of a set. */
export function among(nodes: readonly string[]): readonly Direction[] {
  return nodes.flatMap((node, at) => between([node], nodes.slice(at + 1)));
}

/** Holds every message of the directions until the heal. */
export function shapeFault(port: FaultPort, directions: readonly Direction[]): ActiveFault {
  return wireFault(port, directions, () => "hold");
}

/** The same in the real lane. Pairs of nodes that have no connection are left out. */
export function realShapeFault(
  port: RealFaultPort,
  directions: readonly Direction[],
): Promise<ActiveRealFault> {
  return toxicFault(edgeDirections(port, directions), (stream) => ({
    type: "bandwidth",
    stream,
    rateKBps: 0,
  }));
}

/** Throws `bad-plan` when a node is in two of the sets, or twice in one. */
export function refuseRepeatedNodes(fault: string, nodes: readonly string[]): void {
  const repeated = nodes.find((node, at) => nodes.indexOf(node) !== at);
  if (repeated === undefined) return;
  throw new FaultlineError(
    "usage",
    "bad-plan",
    `Fault "${fault}": expected every node in one set once, found "${repeated}" twice.`,
    "Correct the plan file, or run the scenario again to write a new one.",
  );
}
