import * as v from "valibot";
import type { Fault } from "./fault.ts";
import { nodeName, parseParams } from "./parse-params.ts";
import { edgeDirections, piecesThrough, toxicFault } from "./real-edges.ts";
import { wireFault } from "./wire-fault.ts";

/** Which way messages arrive in pieces of how many bytes, each so many microseconds after the last. */
export type LinkSlicerParams = {
  readonly from: string;
  readonly to: string;
  readonly sizeBytes: number;
  readonly delayUs: number;
};

const schema: v.GenericSchema<LinkSlicerParams> = v.strictObject({
  from: nodeName,
  to: nodeName,
  sizeBytes: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10_000)),
  delayUs: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1_000_000)),
});

/** Messages of the sim lane have no size: each counts as a thousand bytes. */
const MESSAGE_BYTES = 1000;

/** Cuts messages into small pieces: a reader that takes a piece for the whole is found out. */
export const linkSlicer: Fault<LinkSlicerParams> = {
  name: "link-slicer",
  does: "cuts what one node sends to another into small pieces with pauses between (sim lane: pauses only)",
  heals: "later messages arrive whole",
  bite: "messages that were cut",
  parse: (params) => parseParams("link-slicer", schema, params),
  target: ({ from, to, sizeBytes, delayUs }) => `${from} → ${to}, ${sizeBytes} bytes each ${delayUs} µs`,
  inject: (port, { from, to, sizeBytes, delayUs }) => {
    const pauses = Math.ceil(MESSAGE_BYTES / sizeBytes) - 1;
    return wireFault(port, [{ from, to }], () => pauses * delayUs * 1000);
  },
  real: (port, { from, to, sizeBytes, delayUs }) =>
    toxicFault(
      edgeDirections(port, [{ from, to }]),
      (stream) => ({ type: "slicer", stream, sizeBytes, delayUs }),
      piecesThrough,
    ),
  needs: ["proxies"],
};
