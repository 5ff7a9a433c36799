import type { Fault } from "./fault.ts";
import { describePair, directionsOf, type NodePair, nodePair } from "./node-pair.ts";
import { parseParams } from "./parse-params.ts";
import { edgeDirections, toxicFault } from "./real-edges.ts";
import { wireFault } from "./wire-fault.ts";

/** Between which two nodes messages vanish, and which way. */
export type BlackHoleParams = NodePair;

/**
 * Swallows what two nodes send to each other, as a firewall does that forgot a connection: the sender
 * learns of it by its own time limit, or when the connection breaks at the heal.
 */
export const blackHole: Fault<BlackHoleParams> = {
  name: "black-hole",
  does: "swallows every message between two nodes, both ways or one way",
  heals: "later messages arrive; connections of which something was swallowed break",
  bite: "messages that were swallowed",
  parse: (params) => parseParams("black-hole", nodePair, params),
  target: describePair,
  inject: (port, params) => wireFault(port, directionsOf(params), () => "swallow"),
  real: (port, params) =>
    toxicFault(edgeDirections(port, directionsOf(params)), (stream) => ({ type: "timeout", stream })),
  needs: ["proxies"],
};
