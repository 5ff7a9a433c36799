import * as v from "valibot";
import type { Fault } from "./fault.ts";
import { nodeName, parseParams } from "./parse-params.ts";
import { wireFault } from "./wire-fault.ts";

/** Which messages are slow, and by how many virtual milliseconds. */
export type LinkLatencyParams = { readonly from: string; readonly to: string; readonly addMs: number };

const schema: v.GenericSchema<LinkLatencyParams> = v.strictObject({
  from: nodeName,
  to: nodeName,
  addMs: v.pipe(v.number(), v.minValue(0), v.maxValue(600_000)),
});

/** Makes every message from one node to another slow. */
export const linkLatency: Fault<LinkLatencyParams> = {
  name: "link-latency",
  does: "delays every message from one node to another",
  heals: "later messages take the usual time; those under way keep their delay",
  parse: (params) => parseParams("link-latency", schema, params),
  target: ({ from, to, addMs }) => `${from} → ${to}, +${addMs} ms`,
  inject: (port, { from, to, addMs }) => wireFault(port, [{ from, to }], () => addMs * 1e6),
};
