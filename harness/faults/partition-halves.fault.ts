import * as v from "valibot";
import type { Fault } from "./fault.ts";
import { between, realShapeFault, refuseRepeatedNodes, shapeFault } from "./node-shape.ts";
import { nodeNames, parseParams } from "./parse-params.ts";
import type { Direction } from "./wire-fault.ts";

/** The two sides. */
export type PartitionHalvesParams = { readonly left: readonly string[]; readonly right: readonly string[] };

const schema: v.GenericSchema<PartitionHalvesParams> = v.strictObject({ left: nodeNames, right: nodeNames });

/** Parts a set of nodes into two sides; nodes of one side still reach each other. */
export const partitionHalves: Fault<PartitionHalvesParams> = {
  name: "partition-halves",
  does: "holds every message between two sets of nodes",
  heals: "releases the held messages in the order in which they were sent",
  bite: "messages that were held",
  parse: (params) => {
    const parsed = parseParams("partition-halves", schema, params);
    refuseRepeatedNodes("partition-halves", [...parsed.left, ...parsed.right]);
    return parsed;
  },
  target: ({ left, right }) => `${left.join(", ")} | ${right.join(", ")}`,
  inject: (port, params) => shapeFault(port, directionsOf(params)),
  real: (port, params) => realShapeFault(port, directionsOf(params)),
  needs: ["proxies"],
};

function directionsOf({ left, right }: PartitionHalvesParams): readonly Direction[] {
  return between(left, right);
}
