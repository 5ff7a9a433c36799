import type { Fault } from "./fault.ts";
import { describePair, directionsOf, type NodePair, nodePair } from "./node-pair.ts";
import { parseParams } from "./parse-params.ts";
import { edgeDirections, toxicFault } from "./real-edges.ts";
import { wireFault } from "./wire-fault.ts";

/** Which two nodes are cut off from each other, and which way. */
export type LinkPartitionParams = NodePair;

/** Cuts two nodes off from each other. What was sent meanwhile arrives after the heal, as TCP resends it. */
export const linkPartition: Fault<LinkPartitionParams> = {
  name: "link-partition",
  does: "holds every message between two nodes, both ways or one way",
  heals: "releases the held messages in the order in which they were sent",
  bite: "messages that were held",
  parse: (params) => parseParams("link-partition", nodePair, params),
  target: describePair,
  inject: (port, params) => wireFault(port, directionsOf(params), () => "hold"),
  real: (port, params) =>
    toxicFault(edgeDirections(port, directionsOf(params)), (stream) => ({
      type: "bandwidth",
      stream,
      rateKBps: 0,
    })),
  needs: ["proxies"],
};
