import * as v from "valibot";
import type { Fault } from "./fault.ts";
import { messageFault } from "./message-fault.ts";
import { messageCount, nodeName, parseParams } from "./parse-params.ts";
import { edgesOf } from "./real-edges.ts";
import { wireFault } from "./wire-fault.ts";

/** How many requests of the edge from `from` to `to` are lost with their connection. */
export type RequestLostParams = { readonly from: string; readonly to: string; readonly count: number };

const schema: v.GenericSchema<RequestLostParams> = v.strictObject({
  from: nodeName,
  to: nodeName,
  count: messageCount,
});

/** Breaks connections under requests: the caller sees a reset, and nothing was executed. */
export const requestLost: Fault<RequestLostParams> = {
  name: "request-lost",
  does: "breaks the connection before the next requests of an edge arrive: they are not executed",
  heals: "later requests arrive",
  bite: "requests that were lost",
  parse: (params) => parseParams("request-lost", schema, params),
  target: ({ from, to, count }) => `${count} request${count === 1 ? "" : "s"} of ${from} → ${to}`,
  inject: (port, { from, to, count }) =>
    wireFault(port, [{ from, to }], (message) => (message.kind === "request" ? "reset" : null), count),
  real: async (port, { from, to, count }) =>
    messageFault(edgesOf(port, from, to), { select: "request", fate: "reset" }, count),
  needs: ["proxies"],
};
