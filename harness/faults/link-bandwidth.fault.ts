import * as v from "valibot";
import type { Fault } from "./fault.ts";
import { nodeName, parseParams } from "./parse-params.ts";
import { edgeDirections, piecesThrough, toxicFault } from "./real-edges.ts";
import { wireFault } from "./wire-fault.ts";

/** Which way is narrow: kilobytes per second. */
export type LinkBandwidthParams = { readonly from: string; readonly to: string; readonly rateKBps: number };

const schema: v.GenericSchema<LinkBandwidthParams> = v.strictObject({
  from: nodeName,
  to: nodeName,
  rateKBps: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_000_000)),
});

/** Messages of the sim lane have no size: each counts as one kilobyte. */
const MESSAGE_KB = 1;

/** Makes the way from one node to another narrow: messages queue behind each other. */
export const linkBandwidth: Fault<LinkBandwidthParams> = {
  name: "link-bandwidth",
  does: "lets only so many kilobytes a second through from one node to another",
  heals: "later messages pass at once; those under way keep their delay (real lane: pass at once)",
  bite: "messages that passed the narrow way",
  parse: (params) => parseParams("link-bandwidth", schema, params),
  target: ({ from, to, rateKBps }) => `${from} → ${to}, ${rateKBps} kB/s`,
  inject: (port, { from, to, rateKBps }) => {
    const passNs = (MESSAGE_KB / rateKBps) * 1e9;
    let freeNs = 0;
    return wireFault(port, [{ from, to }], () => {
      freeNs = Math.max(freeNs, port.now()) + passNs;
      return freeNs - port.now();
    });
  },
  real: (port, { from, to, rateKBps }) =>
    toxicFault(
      edgeDirections(port, [{ from, to }]),
      (stream) => ({ type: "bandwidth", stream, rateKBps }),
      piecesThrough,
    ),
  needs: ["proxies"],
};
