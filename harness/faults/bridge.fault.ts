import * as v from "valibot";
import type { Fault } from "./fault.ts";
import { between, realShapeFault, refuseRepeatedNodes, shapeFault } from "./node-shape.ts";
import { nodeName, nodeNames, parseParams } from "./parse-params.ts";
import type { Direction } from "./wire-fault.ts";

/** The two sides, and the node that reaches both. */
export type BridgeParams = {
  readonly left: readonly string[];
  readonly bridge: string;
  readonly right: readonly string[];
};

const schema: v.GenericSchema<BridgeParams> = v.strictObject({
  left: nodeNames,
  bridge: nodeName,
  right: nodeNames,
});

/** Parts a set of nodes into two sides that reach each other only by way of one node between them. */
export const bridge: Fault<BridgeParams> = {
  name: "bridge",
  does: "holds every message between two sets of nodes; one node still reaches both",
  heals: "releases the held messages in the order in which they were sent",
  bite: "messages that were held",
  parse: (params) => {
    const parsed = parseParams("bridge", schema, params);
    refuseRepeatedNodes("bridge", [parsed.bridge, ...parsed.left, ...parsed.right]);
    return parsed;
  },
  target: ({ left, bridge, right }) => `${left.join(", ")} | ${right.join(", ")}, joined by ${bridge}`,
  inject: (port, params) => shapeFault(port, directionsOf(params)),
  real: (port, params) => realShapeFault(port, directionsOf(params)),
  needs: ["proxies"],
};

function directionsOf({ left, right }: BridgeParams): readonly Direction[] {
  return between(left, right);
}
