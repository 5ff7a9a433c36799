import * as v from "valibot";
import type { Fault } from "./fault.ts";
import { nodeName, parseParams } from "./parse-params.ts";
import { wireFault } from "./wire-fault.ts";

/** Which two nodes are cut off from each other, and which way. A type, since it must be JSON. */
export type LinkPartitionParams = {
  readonly a: string;
  readonly b: string;
  readonly direction: "both" | "a-to-b" | "b-to-a";
};

const schema: v.GenericSchema<LinkPartitionParams> = v.strictObject({
  a: nodeName,
  b: nodeName,
  direction: v.picklist(["both", "a-to-b", "b-to-a"]),
});

/** Cuts two nodes off from each other. What was sent meanwhile arrives after the heal, as TCP resends it. */
export const linkPartition: Fault<LinkPartitionParams> = {
  name: "link-partition",
  does: "holds every message between two nodes, both ways or one way",
  heals: "releases the held messages in the order in which they were sent",
  parse: (params) => parseParams("link-partition", schema, params),
  target: ({ a, b, direction }) =>
    direction === "both" ? `${a} | ${b}` : direction === "a-to-b" ? `${a} ⇥ ${b}` : `${b} ⇥ ${a}`,
  inject: (port, { a, b, direction }) =>
    wireFault(
      port,
      [
        ...(direction === "b-to-a" ? [] : [{ from: a, to: b }]),
        ...(direction === "a-to-b" ? [] : [{ from: b, to: a }]),
      ],
      () => "hold",
    ),
};
