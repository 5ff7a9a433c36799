import * as v from "valibot";
import { commitFault } from "./commit-fault.ts";
import type { Fault } from "./fault.ts";
import { messageFault } from "./message-fault.ts";
import { messageCount, nodeName, parseParams } from "./parse-params.ts";
import { edgesOf } from "./real-edges.ts";

/** How many COMMITs are lost with their connection before a store sees them. */
export type CommitRequestLostParams = { readonly from: string; readonly to: string; readonly count: number };

const schema: v.GenericSchema<CommitRequestLostParams> = v.strictObject({
  from: nodeName,
  to: nodeName,
  count: messageCount,
});

/** Breaks connections under COMMIT: nothing took effect, and to the service it looks as if it might have. */
export const commitRequestLost: Fault<CommitRequestLostParams> = {
  name: "commit-request-lost",
  does: "breaks the connection before the next COMMITs arrive: they did not take effect",
  heals: "later requests arrive",
  bite: "COMMITs that were lost",
  parse: (params) => parseParams("commit-request-lost", schema, params),
  target: ({ from, to, count }) => `${count} COMMIT${count === 1 ? "" : "s"} of ${from} → ${to}, unseen`,
  inject: (port, { from, to, count }) => commitFault(port, { from, to }, "request", count),
  real: async (port, { from, to, count }) =>
    messageFault(edgesOf(port, from, to), { select: "commit-request", fate: "reset" }, count),
  needs: ["proxies"],
};
