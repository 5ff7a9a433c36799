import * as v from "valibot";
import type { Fault } from "./fault.ts";
import { between, realShapeFault, refuseRepeatedNodes, shapeFault } from "./node-shape.ts";
import { nodeName, nodeNames, parseParams } from "./parse-params.ts";
import type { Direction } from "./wire-fault.ts";

/** The node that is alone, and those from which it is cut off. */
export type IsolateOneParams = { readonly node: string; readonly others: readonly string[] };

const schema: v.GenericSchema<IsolateOneParams> = v.strictObject({ node: nodeName, others: nodeNames });

/** Cuts one node off from a set of others; those still reach each other. */
export const isolateOne: Fault<IsolateOneParams> = {
  name: "isolate-one",
  does: "holds every message between one node and a set of others",
  heals: "releases the held messages in the order in which they were sent",
  bite: "messages that were held",
  parse: (params) => {
    const parsed = parseParams("isolate-one", schema, params);
    refuseRepeatedNodes("isolate-one", [parsed.node, ...parsed.others]);
    return parsed;
  },
  target: ({ node, others }) => `${node} | ${others.join(", ")}`,
  inject: (port, params) => shapeFault(port, directionsOf(params)),
  real: (port, params) => realShapeFault(port, directionsOf(params)),
  needs: ["proxies"],
};

function directionsOf({ node, others }: IsolateOneParams): readonly Direction[] {
  return between([node], others);
}
