import * as v from "valibot";
import type { Fault } from "./fault.ts";
import { durationMs, nodeName, parseParams } from "./parse-params.ts";
import { edgesOf, toxicFault } from "./real-edges.ts";
import { wireFault } from "./wire-fault.ts";

/** Whose closing of connections to whom takes how much longer. */
export type SlowCloseParams = { readonly from: string; readonly to: string; readonly delayMs: number };

const schema: v.GenericSchema<SlowCloseParams> = v.strictObject({
  from: nodeName,
  to: nodeName,
  delayMs: durationMs,
});

/** A server learns late that its client is gone: its locks and its session stay meanwhile. */
export const slowClose: Fault<SlowCloseParams> = {
  name: "slow-close",
  does: "delays the news that one node closed its connections to another",
  heals: "later closings arrive at the usual time; those under way keep their delay (real lane: arrive)",
  bite: "closings that were late",
  parse: (params) => parseParams("slow-close", schema, params),
  target: ({ from, to, delayMs }) => `${from} → ${to}, closing +${delayMs} ms`,
  inject: (port, { from, to, delayMs }) =>
    wireFault(port, [{ from, to }], ({ kind }) => (kind === "close" ? delayMs * 1e6 : null)),
  real: (port, { from, to, delayMs }) =>
    toxicFault(
      edgesOf(port, from, to).map((edge) => ({ edge, stream: "upstream" as const })),
      (stream) => ({ type: "slow_close", stream, delayMs: Math.round(delayMs) }),
      (before, now) => now.closedByClient - before.closedByClient,
    ),
  needs: ["proxies"],
};
