import * as fc from "fast-check";
import { bridge } from "../../harness/faults/bridge.fault.ts";
import { type FaultChoice, faultChoice } from "../../harness/faults/fault.ts";
import { isolateOne } from "../../harness/faults/isolate-one.fault.ts";
import { partitionHalves } from "../../harness/faults/partition-halves.fault.ts";
import { randomCore } from "../../harness/faults/random-core.fault.ts";
import type { FaultEdge } from "./fault-places.ts";

/**
 * Partitions of more than one edge: a node cut off from all that it talks to, two halves, a bridge, a core. Each
 * parts the ends of at least one edge, so that there is something to hold; none where there are only two nodes.
 */
export function partitionShapes(edges: readonly FaultEdge[]): readonly FaultChoice[] {
  const nodes = [...new Set(edges.flatMap(({ from, to }) => [from, to]))];
  if (nodes.length < 3) return [];
  const sides = sidesOf(nodes, edges);
  return [
    faultChoice(isolateOne, fc.constantFrom(...nodes.map((node) => neighbourhood(node, edges))), "rare"),
    faultChoice(partitionHalves, sides, "rare"),
    faultChoice(bridge, sides.map(bridgeOf), "rare"),
    faultChoice(
      randomCore,
      sides.map(({ left, right }) => ({ core: left, rest: right })),
      "rare",
    ),
  ];
}

type Sides = { readonly left: readonly string[]; readonly right: readonly string[] };

function neighbourhood(node: string, edges: readonly FaultEdge[]) {
  const others = edges.flatMap(({ from, to }) => (from === node ? [to] : to === node ? [from] : []));
  return { node, others: [...new Set(others)] };
}

/** Two sides, with the ends of one edge on different ones, at the front; every other node is on either. */
function sidesOf(nodes: readonly string[], edges: readonly FaultEdge[]): fc.Arbitrary<Sides> {
  return fc.tuple(fc.constantFrom(...edges), fc.subarray([...nodes])).map(([{ from, to }, onLeft]) => {
    const others = nodes.filter((node) => node !== from && node !== to);
    return {
      left: [from, ...others.filter((node) => onLeft.includes(node))],
      right: [to, ...others.filter((node) => !onLeft.includes(node))],
    };
  });
}

/** The last node of the longer side stands between the two; the ends of the edge that is parted are never that. */
function bridgeOf({ left, right }: Sides) {
  const isLeftLonger = left.length > right.length;
  const bridge = (isLeftLonger ? left : right).at(-1) ?? "";
  return {
    left: isLeftLonger ? left.slice(0, -1) : left,
    bridge,
    right: isLeftLonger ? right : right.slice(0, -1),
  };
}
