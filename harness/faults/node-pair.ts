import * as v from "valibot";
import { nodeName } from "./parse-params.ts";
import type { Direction } from "./wire-fault.ts";

/** Two nodes, and which way between them. A type, since it must be JSON. */
export type NodePair = {
  readonly a: string;
  readonly b: string;
  readonly direction: "both" | "a-to-b" | "b-to-a";
};

/** How a plan writes it. */
export const nodePair: v.GenericSchema<NodePair> = v.strictObject({
  a: nodeName,
  b: nodeName,
  direction: v.picklist(["both", "a-to-b", "b-to-a"]),
});

/** The one or two directions. */
export function directionsOf({ a, b, direction }: NodePair): readonly Direction[] {
  return [
    ...(direction === "b-to-a" ? [] : [{ from: a, to: b }]),
    ...(direction === "a-to-b" ? [] : [{ from: b, to: a }]),
  ];
}

/** In words, for the history and the report. */
export function describePair({ a, b, direction }: NodePair): string {
  return direction === "both" ? `${a} | ${b}` : direction === "a-to-b" ? `${a} ⇥ ${b}` : `${b} ⇥ ${a}`;
}
