import * as v from "valibot";
import type { Fault } from "./fault.ts";
import { durationMs, nodeName, parseParams } from "./parse-params.ts";
import { edgeDirections, piecesThrough, toxicFault } from "./real-edges.ts";
import { wireFault } from "./wire-fault.ts";

/** Which messages are slow, and by how many virtual milliseconds. */
export type LinkLatencyParams = { readonly from: string; readonly to: string; readonly addMs: number };

const schema: v.GenericSchema<LinkLatencyParams> = v.strictObject({
  from: nodeName,
  to: nodeName,
  addMs: durationMs,
});

/** Makes every message from one node to another slow. */
export const linkLatency: Fault<LinkLatencyParams> = {
  name: "link-latency",
  does: "delays every message from one node to another",
  heals: "later messages take the usual time; those under way keep their delay",
  bite: "messages that were slow",
  parse: (params) => parseParams("link-latency", schema, params),
  target: ({ from, to, addMs }) => `${from} → ${to}, +${addMs} ms`,
  inject: (port, { from, to, addMs }) => wireFault(port, [{ from, to }], () => addMs * 1e6),
  real: (port, { from, to, addMs }) =>
    toxicFault(
      edgeDirections(port, [{ from, to }]),
      (stream) => ({ type: "latency", stream, latencyMs: Math.round(addMs) }),
      piecesThrough,
    ),
  needs: ["proxies"],
};
