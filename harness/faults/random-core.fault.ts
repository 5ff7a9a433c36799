import * as v from "valibot";
import type { Fault } from "./fault.ts";
import { among, between, realShapeFault, refuseRepeatedNodes, shapeFault } from "./node-shape.ts";
import { nodeNames, parseParams } from "./parse-params.ts";
import type { Direction } from "./wire-fault.ts";

/** The nodes that still reach each other, and those that reach nobody. Drawn with the plan. */
export type RandomCoreParams = { readonly core: readonly string[]; readonly rest: readonly string[] };

const schema: v.GenericSchema<RandomCoreParams> = v.strictObject({ core: nodeNames, rest: nodeNames });

/** Leaves a core of nodes that reach each other; every other node is alone. */
export const randomCore: Fault<RandomCoreParams> = {
  name: "random-core",
  does: "holds every message but those within a core of nodes",
  heals: "releases the held messages in the order in which they were sent",
  bite: "messages that were held",
  parse: (params) => {
    const parsed = parseParams("random-core", schema, params);
    refuseRepeatedNodes("random-core", [...parsed.core, ...parsed.rest]);
    return parsed;
  },
  target: ({ core, rest }) => `${core.join(", ")} | ${rest.join(" | ")}`,
  inject: (port, params) => shapeFault(port, directionsOf(params)),
  real: (port, params) => realShapeFault(port, directionsOf(params)),
  needs: ["proxies"],
};

function directionsOf({ core, rest }: RandomCoreParams): readonly Direction[] {
  return [...between(core, rest), ...among(rest)];
}
